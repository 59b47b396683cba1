"""Modules that change their process when they are imported, and a data set with a memory."""

import os
import socket
import tempfile

import numpy as np

from trackbench import DatasetSpec, Sequence

os.environ["TRACKBENCH_TEST_COMPANY"] = "1"
os.chdir(tempfile.gettempdir())
socket.setdefaulttimeout(30.0)


class Company:
    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return self.box


class Remembers:
    """Draws from one generator for all its sequences."""

    def __init__(self, spec):
        self.spec = spec
        self.generator = np.random.default_rng(spec.seed)

    def sequence(self, index, length=None):
        length = length or self.spec.length
        frames = self.generator.integers(0, 255, (length, 40, 40), np.uint8)
        return Sequence(frames, np.tile([5.0, 5.0, 9.0, 9.0], (length, 1)))


class Fixed(Remembers):
    def sequence(self, index, length=None):
        self.generator = np.random.default_rng([self.spec.seed, index])
        return super().sequence(index, length)


REMEMBERS = DatasetSpec(id="remembers-v1", factory=Remembers, seed=1, sequences=4, length=3)
FIXED = DatasetSpec(id="fixed-v1", factory=Fixed, seed=1, sequences=9, length=8, chunk=2)
