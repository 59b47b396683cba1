"""A small data set in several units, for tests that start many processes."""

import numpy as np

from trackbench import DatasetSpec, Video


class Tiny:
    """A bright square that walks; no two sequences are alike."""

    def __init__(self, spec):
        self.spec = spec

    def sequence(self, index, length=None):
        length = length or self.spec.length
        rng = np.random.default_rng([self.spec.seed, index])
        steps = rng.integers(-2, 3, (self.spec.length, 2)).cumsum(axis=0)[:length]
        corners = np.clip(rng.integers(5, 30, 2) + steps, 0, 36)
        frames = rng.integers(0, 40, (self.spec.length, 48, 48), np.uint8)[:length]
        for frame, (row, column) in zip(frames, corners, strict=True):
            frame[row : row + 12, column : column + 12] = 200 + index
        boxes = np.concatenate([corners[:, ::-1], np.full((length, 2), 12)], axis=1)
        return Video(frames, boxes.astype(float), {"row": corners[:, 0].astype(float)})


TINY = DatasetSpec(id="tiny-v1", factory=Tiny, seed=1, sequences=9, length=8, chunk=3)
OTHER = DatasetSpec(id="tiny-other-v1", factory=Tiny, seed=2, sequences=4, length=8, chunk=2)
