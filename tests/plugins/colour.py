"""Data sets unlike the built-in ones: colour, fractions of pixels, targets that leave the frame."""

import os

import numpy as np

from trackbench import DatasetSpec, Video


class Colour:
    """Noise of 48 x 64 pixels, RGB; a target that moves out of the frame to the right."""

    def __init__(self, spec):
        self.spec = spec

    def sequence(self, index, length=None):
        length = length or self.spec.length
        rng = np.random.default_rng(index)
        frames = rng.integers(0, 256, (self.spec.length, 48, 64, 3), np.uint8)[:length]
        t = np.arange(length, dtype=np.float64)
        boxes = np.stack(
            [t * 7 - 3 + index / 3, t + 0.1, t + 4 + 1e-7, np.full(length, 20)], axis=1
        )
        if self.spec.id == "silent":
            return Video(frames, boxes)
        visibility = np.resize([1, 0, 0.15, 0.150001, 0.6, 0.9, 0.95, 0.000001, 0.31], length)
        if self.spec.id == "percent":
            visibility = visibility * 100
        attributes = {
            "visibility": visibility,
            "lit": t % 2 == 0,
            "a/b": t / 3,
            "t": np.arange(length),
        }
        return Video(frames, boxes, attributes)


class Late(Colour):
    """Fails where no sample of it is taken."""

    def sequence(self, index, length=None):
        if index == 4 and self.spec.id == "late":
            raise RuntimeError("no such video")
        if index == 4:
            os._exit(7)
        return super().sequence(index, length)


COLOUR = DatasetSpec(id="colour-v1", factory=Colour, seed=3, sequences=5, length=12)
SILENT = DatasetSpec(id="silent", factory=Colour, seed=3, sequences=2, length=12)
PERCENT = DatasetSpec(id="percent", factory=Colour, seed=3, sequences=2, length=12)
ENDLESS = DatasetSpec(id="endless", factory=Colour, seed=3, sequences=9, length=12, split="train")
LONG = DatasetSpec(id="long", factory=Colour, seed=3, sequences=1, length=10_000)
LATE = DatasetSpec(id="late", factory=Late, seed=3, sequences=20, length=3)
DYING = DatasetSpec(id="dying", factory=Late, seed=3, sequences=20, length=3)
