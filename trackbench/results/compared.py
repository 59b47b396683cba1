"""What a stored IoU is of: boxes or masks."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Compared(Enum):
    """What IoU is of; numbers of one kind are not comparable with those of another."""

    BOXES = "boxes"
    MASKS = "masks"
    BOTH = "masks in part"
    """Masks in some parts of a data set, and boxes in others, in which an answer had no mask."""

    @classmethod
    def of_all(cls, kinds: Iterable[Compared]) -> Compared:
        """Return what several together are of."""
        found = set(kinds)
        return found.pop() if len(found) == 1 else cls.BOTH
