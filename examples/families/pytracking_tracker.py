"""A tracker of pytracking's family. It runs as it is:

    trackbench run --tracker pytracking:pytracking_tracker:Bright --suite smoke

Each video has an object of its own, as in pytracking.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Bright:
    """Takes what is brighter than the frame's mean, near the last box, for the target."""

    def initialize(self, image: NDArray[np.uint8], info: Mapping[str, Any]) -> None:
        """Start on an RGB image with the box in ``info["init_bbox"]``."""
        self.box = np.array(info["init_bbox"])
        self.level = image.mean()

    def track(self, image: NDArray[np.uint8], info: Mapping[str, Any]) -> dict[str, Any]:
        """Return the box in the next image, with a score of the target's presence.

        ``info["previous_output"]`` is what the call before has returned.
        """
        x, y, w, h = self.box
        left, top = max(int(x - w / 4), 0), max(int(y - h / 4), 0)
        window = image[top : int(y + h * 1.25), left : int(x + w * 1.25)].mean(axis=2)
        rows, columns = np.nonzero(window > self.level)
        if not len(rows):
            return {"target_bbox": [-1, -1, -1, -1], "object_presence_score": 0.0}
        # Half a pixel more: pixel 0 covers the places 0 to 1.
        x, y = left + columns.mean() + 0.5, top + rows.mean() + 0.5
        self.box = np.array([x - w / 2, y - h / 2, w, h])
        share = len(rows) / window.size
        return {"target_bbox": self.box.tolist(), "object_presence_score": share}
