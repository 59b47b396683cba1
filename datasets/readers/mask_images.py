"""Masks that are an image file a frame: every pixel but 0 is the target's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.decoding import frame_in


@dataclass(frozen=True)
class MaskImages:
    """Masks of T frames.

    Attributes:
        images: the files; None: that frame has none.
    """

    images: tuple[Path | None, ...]

    def __len__(self) -> int:
        return len(self.images)

    def part(self, start: int, stop: int) -> MaskImages:
        """Return the masks of some frames; of those beyond the last there are none."""
        missing = max(0, stop - len(self.images))
        return MaskImages((*self.images[start:stop], *([None] * missing)))

    def has(self, index: int) -> bool:
        """Whether a frame has one."""
        return self.images[index] is not None

    def mask(self, index: int, size: tuple[int, int]) -> NDArray[np.bool_] | None:
        """Return the mask (H, W) of a frame of ``size`` (H, W); None: it has none.

        Raises:
            DataError: it cannot be read, or is of another size.
        """
        path = self.images[index]
        if path is None:
            return None
        image = frame_in(path)
        if image.shape[:2] != size:
            raise data_error(path, f"is a mask of {image.shape[:2]} for a frame of {size}")
        mask: NDArray[np.bool_] = np.atleast_3d(image).max(axis=2) > 0
        return mask
