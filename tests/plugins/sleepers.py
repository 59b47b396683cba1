"""Units that take a while and no processor, for tests that kill what carries them out."""

import os
import signal
import time
from pathlib import Path

import numpy as np
from tiny import Tiny

from trackbench import DatasetSpec


class Many(Tiny):
    """Tiny's squares in more sequences than there are brightnesses."""

    def sequence(self, index, length=None):
        return super().sequence(index % 40, length)


class Sleeper:
    """Walks by what it sees, after a nap."""

    def __init__(self, nap=0.03):
        self.nap = nap

    def init(self, frame, box):
        self.box = np.asarray(box, dtype=float)

    def update(self, frame):
        time.sleep(self.nap)
        self.box = self.box + float(frame[0, 0]) / 64
        return self.box


class Killer(Sleeper):
    """Kills the process three above its own: the worker of a cluster, at its second sequence."""

    sequence = 0

    def init(self, frame, box):
        super().init(frame, box)
        type(self).sequence += 1
        if type(self).sequence == 2:
            process = os.getpid()
            for _ in range(3):
                stat = Path(f"/proc/{process}/stat").read_text()
                process = int(stat.rpartition(")")[2].split()[1])
            os.kill(process, signal.SIGKILL)
            time.sleep(60)


class TellsDevice(Sleeper):
    """Prints which device it may use."""

    def init(self, frame, box):
        super().init(frame, box)
        print("device", os.environ.get("CUDA_VISIBLE_DEVICES"), flush=True)


FEW = DatasetSpec(id="few-v1", factory=Tiny, seed=4, sequences=6, length=8, chunk=2)
MANY = DatasetSpec(id="many-v1", factory=Many, seed=3, sequences=90, length=8, chunk=2)
