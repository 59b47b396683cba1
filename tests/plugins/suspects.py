"""Trackers that look suspicious, and keep the contract."""

import random
import time

import numpy as np
from contract_breakers import Right as _Right

from trackbench import Answer as _Answer


class Velocity(_Right):
    """Answers what a model of constant speed expects, half and half with what it sees."""

    def init(self, frame, box):
        super().init(frame, box)
        self.state, self.speed = np.array(box), np.zeros(2)

    def said(self, box):
        expected = self.state[:2] + self.speed
        place = (expected + box[:2]) / 2
        self.speed = 0.5 * self.speed + 0.5 * (place - self.state[:2])
        self.state = np.array([*place, *box[2:]])
        return self.state


class Smoothed(_Right):
    """Half of what it sees, half of what it said."""

    def init(self, frame, box):
        super().init(frame, box)
        self.told = np.array(box)

    def said(self, box):
        self.told = 0.5 * self.told + 0.5 * box
        return self.told


class Seeded(_Right):
    """Random, from a seed of each video."""

    def init(self, frame, box):
        super().init(frame, box)
        self.rng = np.random.default_rng(5)

    def said(self, box):
        return box + self.rng.normal(0, 0.5, 4)


class SharedGenerators(_Right):
    """Draws from generators that a run seeds."""

    def said(self, box):
        return box + np.random.normal(0, 0.3, 4) + random.random() / 9


class Caches(_Right):
    """Keeps something of each video on the class, under the frame's bytes."""

    cache = {}

    def init(self, frame, box):
        super().init(frame, box)
        key = hash(frame.tobytes()), tuple(box)
        self.template = self.cache.setdefault(key, self.template)


class Copies(_Right):
    """Draws on a copy."""

    def seen(self, frame):
        mine = frame.copy()
        mine[0, 0] = 255
        return mine


class WarmsUp(_Right):
    def init(self, frame, box):
        time.sleep(0.05)
        super().init(frame, box)


class ListAnswers(_Right):
    def said(self, box):
        return [float(number) for number in box]


class SinglePrecision(_Right):
    def said(self, box):
        return box.astype(np.float32)


class SameArray(_Right):
    """Answers with one array, which it goes on writing to."""

    def init(self, frame, box):
        super().init(frame, box)
        self.array = np.array(box)

    def said(self, box):
        self.array[:] = box
        return self.array


class AnswersFirst(_Right):
    """Answers init, too."""

    def init(self, frame, box):
        super().init(frame, box)
        return self.box


class GreyMean(_Right):
    """Sees the mean of the three colours."""

    def seen(self, frame):
        return frame if frame.ndim == 2 else frame.mean(axis=2).astype(np.uint8)


class Masked(_Right):
    """Answers masks of integers, and no boxes."""

    def said(self, box):
        rows, columns = np.mgrid[: self.size[0], : self.size[1]]
        x, y, w, h = box
        inside = (columns >= x) & (columns < x + w) & (rows >= y) & (rows < y + h)
        return _Answer(None, mask=inside.astype(np.uint8))

    def seen(self, frame):
        self.size = frame.shape[:2]
        return frame


class Drifts(_Right):
    """Is off by more and more."""

    def said(self, box):
        return box + 0.1 * len(self.history)


class Padded(_Right):
    """Says a box that is a quarter larger than the target, around it."""

    def said(self, box):
        return np.array([*(box[:2] - box[2:] / 8), *(box[2:] * 1.25)])


class Noisy(_Right):
    """Off by chance, by pixels."""

    def init(self, frame, box):
        super().init(frame, box)
        self.rng = np.random.default_rng(1)

    def said(self, box):
        return box + self.rng.normal(0, 2.0, 4)


class Window(_Right):
    """Keeps the last fifty frames."""

    def init(self, frame, box):
        super().init(frame, box)
        self.last = []

    def update(self, frame):
        self.last = [*self.last[-49:], frame]
        return super().update(frame)


class Lost(_Right):
    """Stays in the corner."""

    def said(self, box):
        return np.array([0.0, 0.0, 30.0, 30.0])


class WholeFrame(_Right):
    def said(self, box):
        return np.array([0.0, 0.0, 100.0, 100.0])


class BatchOfSingles:
    batched = True

    def init(self, frames, boxes):
        self.trackers = [_Right() for _ in frames]
        for tracker, frame, box in zip(self.trackers, frames, boxes, strict=True):
            tracker.init(frame, box)

    def update(self, frames):
        return np.array([t.update(f) for t, f in zip(self.trackers, frames, strict=True)])
