"""Trackers written for the got10k toolkit, by somebody who knows nothing of this one."""

import cv2
import numpy as np
from got10k.trackers import Tracker


class Kcf(Tracker):
    """OpenCV's KCF."""

    def __init__(self):
        super().__init__("kcf", is_deterministic=True)

    def init(self, image, box):
        self.box = box
        self.kcf = cv2.TrackerKCF_create()
        self.kcf.init(np.array(image)[..., ::-1].copy(), tuple(int(value) for value in box))

    def update(self, image):
        found, box = self.kcf.update(np.array(image)[..., ::-1].copy())
        if found:
            self.box = np.array(box, float)
        return self.box
