"""Data sets that break the contract, each in its way."""

import numpy as np

from trackbench import DatasetSpec, Video


class Flawed:
    """Six frames of 40 x 60, RGB."""

    def __init__(self, spec):
        self.spec = spec
        if spec.id == "not-built":
            raise OSError("no such folder")

    def sequence(self, index, length=None):
        length = length or self.spec.length
        name = self.spec.id
        if name == "raises" and index == 1:
            raise RuntimeError("no such video")
        height = 50 if name == "two-sizes" and index == 1 else 40
        frames = np.full((length, height, 60, 3), 7, np.uint8)
        boxes = np.tile([5.0, 6.0, 20.0, 18.0], (length, 1))
        if name == "floats":
            frames = frames / 255.0
        if name == "short":
            boxes = boxes[:-1]
        if name == "empty-box":
            boxes[-1, 2] = 0
        return Video(frames, boxes)


DATASETS = [
    DatasetSpec(id=name, factory=Flawed, seed=0, sequences=3, length=6)
    for name in ("fine", "two-sizes", "raises", "floats", "short", "empty-box", "not-built")
]
FINE, TWO_SIZES, RAISES, FLOATS, SHORT, EMPTY_BOX, NOT_BUILT = DATASETS
