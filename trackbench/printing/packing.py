"""A wide table cut into parts, none of them wider than there is room for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

ItemT = TypeVar("ItemT")


def packed(
    items: Iterable[ItemT], width: Callable[[ItemT], int], room: int
) -> Iterator[list[ItemT]]:
    """Yield as many items at a time, in their order, as there is room for, but one at least.

    Args:
        items: what no part cuts: columns, or groups of them.
        width: of an item.
        room: that the items of one part may take together.
    """
    part: list[ItemT] = []
    for item in items:
        if part and sum(map(width, part)) + width(item) > room:
            yield part
            part = []
        part.append(item)
    yield part
