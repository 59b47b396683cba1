"""A tracker that follows the median of the brightest pixels near its last box."""

import os

import numpy as np


class Median:
    """The median of bright pixels around the last box."""

    def __init__(self, reach: int = 10, share: float = 0.5):
        self.reach, self.share = reach, share
        # A variable of its own, from the section's environment.
        self.slow = float(os.environ.get("MEDIAN_SLOWNESS", "0"))

    def init(self, frame, box):
        self.box = np.array(box)

    def update(self, frame):
        x, y, w, h = self.box.round().astype(int)
        left, top = max(x - self.reach, 0), max(y - self.reach, 0)
        near = frame[top : y + h + self.reach, left : x + w + self.reach]
        rows, columns = np.nonzero(near > self.share * max(near.max(initial=1), 1))
        if rows.size:
            seen = (left + np.median(columns) - w / 2, top + np.median(rows) - h / 2)
            self.box[:2] = self.slow * self.box[:2] + (1 - self.slow) * np.array(seen)
        return self.box.copy()
