"""A tracker as pysot's ``build_tracker`` returns it. It runs as it is:

    trackbench run --tracker pysot:pysot_tracker:build_tracker --param reach=8 --suite smoke

``--param`` is handed to ``build_tracker``.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


class Template:
    """Looks for the first template near the last box."""

    def __init__(self, reach: int) -> None:
        self.reach = reach

    def init(self, img: NDArray[np.uint8], bbox: list[float]) -> None:
        """Start on a BGR image with the box [x, y, w, h]."""
        self.bbox = [round(value) for value in bbox]
        x, y, w, h = self.bbox
        self.template = img[max(y, 0) : y + h, max(x, 0) : x + w].copy()

    def track(self, img: NDArray[np.uint8]) -> dict[str, Any]:
        """Return the box in the next image, and how good it is."""
        height, width = self.template.shape[:2]
        left, top = max(self.bbox[0] - self.reach, 0), max(self.bbox[1] - self.reach, 0)
        window = img[top : top + height + 2 * self.reach, left : left + width + 2 * self.reach]
        if window.shape[0] < height or window.shape[1] < width:
            return {"bbox": self.bbox, "best_score": 0.0}
        scores = cv2.matchTemplate(window, self.template, cv2.TM_CCOEFF_NORMED)
        _, best, _, (x, y) = cv2.minMaxLoc(scores)
        self.bbox = [left + x, top + y, width, height]
        return {"bbox": self.bbox, "best_score": best}


def build_tracker(reach: int = 12) -> Template:
    """Build a tracker that looks ``reach`` pixels far."""
    return Template(reach)
