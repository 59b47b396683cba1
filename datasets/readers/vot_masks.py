"""The masks of a VOT sequence, as run lengths until one is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.readers.vot_region import RunLengths


@dataclass(frozen=True, eq=False)
class VotMasks:
    """Masks of T frames.

    Attributes:
        rows: of each frame; None: it has no mask.
    """

    rows: tuple[RunLengths | None, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, start: int, stop: int) -> VotMasks:
        """Return the masks of some frames; of those beyond the last there are none."""
        missing = max(0, stop - len(self.rows))
        return VotMasks((*self.rows[start:stop], *([None] * missing)))

    def has(self, index: int) -> bool:
        """Whether a frame has one."""
        return self.rows[index] is not None

    def mask(self, index: int, size: tuple[int, int]) -> NDArray[np.bool_] | None:
        """Return the mask (H, W) of a frame of ``size`` (H, W); None: it has none."""
        runs = self.rows[index]
        return None if runs is None else runs.pixels(size)
