"""Data sets that are wrong in one way each; the docstring is the name of the point."""

import os

import numpy as np

from trackbench import DatasetSpec, Video


class Right:
    """Noise, with a box that walks."""

    def __init__(self, spec):
        self.spec = spec

    def rng(self, index, length):
        return np.random.default_rng([self.spec.seed, index])

    def sequence(self, index, length=None):
        length = self.spec.length if length is None else length
        if not 0 <= index < self.spec.sequences:
            raise IndexError(index)
        if not 1 <= length <= self.spec.length:
            raise ValueError(length)
        frames = self.rng(index, length).integers(0, 256, (self.spec.length, 12, 16), np.uint8)
        t = np.arange(length, dtype=np.float64)
        boxes = np.stack([t, t, np.full(length, 3.0), np.full(length, 4.0)], axis=1)
        return self.made(frames[:length], boxes, index, length)

    def made(self, frames, boxes, index, length):
        return Video(frames, boxes, {"t": boxes[:, 0]})


class Random(Right):
    """order"""

    generator = np.random.default_rng(1)

    def rng(self, index, length):
        return self.generator


class ByLength(Right):
    """prefix"""

    def rng(self, index, length):
        return np.random.default_rng([self.spec.seed, index, length])


class BoxesByLength(Right):
    """prefix"""

    def made(self, frames, boxes, index, length):
        return Video(frames, boxes + length / 10)


class AttributesByLength(Right):
    """prefix"""

    def made(self, frames, boxes, index, length):
        return Video(frames, boxes, {"share": boxes[:, 0] / length})


class MasksByLength(Right):
    """prefix"""

    def made(self, frames, boxes, index, length):
        return Video(frames, boxes, masks=frames > 10 * length)


class MasksOfAnotherSize(Right):
    """contract"""

    def made(self, frames, boxes, index, length):
        return Video(frames, boxes, masks=frames[:, 1:] > 100)


class Alike(Right):
    """alike"""

    def rng(self, index, length):
        return np.random.default_rng(self.spec.seed)


class FromBehind(Right):
    """refusal"""

    def sequence(self, index, length=None):
        return super().sequence(index % self.spec.sequences, length)


class TooLong(Right):
    """refusal"""

    def sequence(self, index, length=None):
        return super().sequence(index, length and min(max(length, 1), self.spec.length))


class Shares(Right):
    """shares-frames"""

    kept = {}

    def made(self, frames, boxes, index, length):
        whole = self.kept.setdefault(index, frames)
        return Video(whole[:length], boxes)


class ByProcess(Right):
    """elsewhere"""

    def rng(self, index, length):
        return np.random.default_rng([self.spec.seed, index, os.getpid()])


class Floats(Right):
    """contract"""

    def made(self, frames, boxes, index, length):
        return Video(frames / 255, boxes)


class NoArea(Right):
    """contract"""

    def made(self, frames, boxes, index, length):
        return Video(frames, boxes * [1, 1, 0, 1])


class Raises(Right):
    """contract"""

    def made(self, frames, boxes, index, length):
        raise OSError("no such file")


SPEC = DatasetSpec(id="tried", factory=Right, seed=3, sequences=5, length=6)
