"""Trackers with chance in them, each drawing from another source."""

import random
import sys

import numpy as np

import trackbench


class Drawn:
    """The first box, moved by draws of ``self.draw``."""

    def update(self, frame):
        return self.box + np.append(self.draw(2), [0, 0])


@trackbench.register_tracker("jitter", std=2.0)
class Jitter(Drawn):
    """Takes a seed when it is built."""

    def __init__(self, std, seed=0):
        self.std, self.seed = std, seed

    def init(self, frame, box, *, context):
        rng = np.random.default_rng([self.seed, context.sequence])
        self.box, self.draw = box, lambda count: rng.normal(0, self.std, count)


@trackbench.register_tracker("seeded-in-init")
class SeededInInit(Drawn):
    """Takes a seed with each video; run 0 has the default."""

    def init(self, frame, box, *, seed=7):
        rng = np.random.default_rng(seed)
        self.box, self.draw = box, lambda count: rng.normal(size=count)


@trackbench.register_tracker("told-the-run")
class ToldTheRun:
    """Answers with what it is told: the seed when built and with the video, and the run."""

    def __init__(self, seed):
        self.seed = seed

    def init(self, frame, box, seed, *, context):
        self.said = [self.seed, seed, context.run, 1]

    def update(self, frame):
        return self.said


@trackbench.register_tracker("told-the-run-batch", batched=True)
class ToldTheRunBatch:
    def __init__(self, seed=None):
        self.seed = -1 if seed is None else seed

    def init(self, frames, boxes, *, seed=100, context):
        self.said = [[self.seed, seed, each.run, 1] for each in context]

    def update(self, frames):
        return self.said


@trackbench.register_tracker("shared")
class Shared(Drawn):
    """Draws from the generators that a process shares, when it is built and later."""

    def __init__(self):
        self.offset = random.random() + np.random.random()  # noqa: S311, NPY002 - as trackers do

    def init(self, frame, box):
        self.box = box
        self.draw = lambda count: self.offset + np.random.normal(size=count)  # noqa: NPY002


@trackbench.register_tracker("sometimes")
class Sometimes:
    """Raises in the runs of odd numbers."""

    def init(self, frame, box, *, context):
        self.box, self.raises = box, context.run % 2 and context.sequence == 1

    def update(self, frame):
        if self.raises:
            print("it was an odd run", file=sys.stderr)
            raise RuntimeError("odd")
        return self.box
