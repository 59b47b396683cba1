"""A tracker written for the got10k toolkit. It runs as it is:

    trackbench run --tracker got10k:got10k_tracker:Median --suite smoke

With the toolkit it would be a subclass of ``got10k.trackers.Tracker``; that changes nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image


class Median:
    """Moves its box to the median place of what is as bright as the target was."""

    name, is_deterministic = "median", True

    def init(self, image: Image, box: NDArray[np.float64]) -> None:
        """Start on a PIL image in RGB with the box (x, y, w, h)."""
        self.box = box
        x, y, w, h = (round(value) for value in box)
        self.level = np.asarray(image.convert("L"))[y : y + h, x : x + w].max() // 2

    def update(self, image: Image) -> NDArray[np.float64]:
        """Return the box in the next image."""
        rows, columns = np.nonzero(np.asarray(image.convert("L")) > self.level)
        if len(rows):
            size = self.box[2:]
            # Half a pixel more: pixel 0 covers the places 0 to 1.
            centre = np.array([np.median(columns), np.median(rows)]) + 0.5
            self.box = np.concatenate([centre - size / 2, size])
        return self.box
