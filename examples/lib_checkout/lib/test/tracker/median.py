"""A tracker: the brighter half of where the target was."""

import numpy as np


class Median:
    """Made for each video."""

    def __init__(self, params, dataset_name):
        self.reach = params.reach
        self.dataset = dataset_name

    def initialize(self, image, info):
        """Start on an image (H, W, 3)."""
        self.box = list(info["init_bbox"])

    def track(self, image, info=None):
        """Return the box in the next image."""
        x, y, w, h = self.box
        left, top = max(int(x) - self.reach, 0), max(int(y) - self.reach, 0)
        near = image[top : int(y + h) + self.reach, left : int(x + w) + self.reach].mean(axis=2)
        rows, columns = np.nonzero(near > (near.min() + near.max()) / 2)
        if rows.size:
            # Half a pixel more: pixel 0 covers the places 0 to 1.
            x = left + np.median(columns) + 0.5 - w / 2
            y = top + np.median(rows) + 0.5 - h / 2
        self.box = [float(x), float(y), w, h]
        return {"target_bbox": self.box}


def get_tracker_class():
    """Return the class."""
    return Median
