"""Trackers that treat their process as theirs: what they leave behind must not reach anybody."""

import functools
import os
import random
import signal
import sys
import threading

import numpy as np

HERE = __file__
MODULE_GENERATOR = np.random.default_rng(5)
LOCK = threading.Lock()
LOG = os.open(os.devnull, os.O_WRONLY)
WORDS = {"left", "right", "up", "down", "out", "in", "over", "under"}


@functools.lru_cache
def shift(number):
    return number % 3


class Base:
    """Walks on from the first box by what ``step`` says."""

    def init(self, frame, box):
        self.box = np.array(box)
        self.begin(frame)

    def begin(self, frame):
        pass

    def update(self, frame):
        self.box = self.box + np.array([self.step(frame), 0, 0, 0])
        return self.box

    def step(self, frame):
        return 0.5


class ModuleGenerator(Base):
    def step(self, frame):
        with LOCK:
            os.write(LOG, b"step")
        return MODULE_GENERATOR.normal()


class SharedGenerators(Base):
    def step(self, frame):
        return np.random.normal() + random.random()  # noqa: NPY002, S311


class Counter(Base):
    count = 0

    def step(self, frame):
        Counter.count += 1
        return shift(Counter.count)


class WordOrder(Base):
    def step(self, frame):
        return float(len(next(iter(WORDS))))


class Wanderer(Base):
    def begin(self, frame):
        os.chdir("/")
        os.environ["TRACKBENCH_NONSENSE"] = "1"
        sys.path.clear()

    def step(self, frame):
        return float(len(os.getcwd()))  # noqa: PTH109


class Strict(Base):
    def begin(self, frame):
        np.seterr(all="raise")
        sys.setrecursionlimit(120)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        np.set_printoptions(precision=1)


class ClosesEverything(Base):
    def step(self, frame):
        os.closerange(0, 1024)
        return 0.25


class ClosesOnce(Base):
    """Closes what it can in its third sequence, while it is tracked."""

    sequences = 0

    def begin(self, frame):
        ClosesOnce.sequences += 1
        if ClosesOnce.sequences == 2:
            os.closerange(3, 1024)


class Scribbler(Base):
    """Writes into the frames, whether it may or not."""

    def step(self, frame):
        frame.flags.writeable = True
        frame[:] = 0
        return float(frame.sum())


class Vandal(Base):
    """Spoils NumPy for whoever else is in its process."""

    def begin(self, frame):
        np.float64.__module__  # noqa: B018
        np.asarray = lambda *_: np.zeros(4)
        np.zeros(4)

    def update(self, frame):
        return [1.0, 2.0, 3.0, 4.0]


class Threads(Base):
    def begin(self, frame):
        self.seen = []
        thread = threading.Thread(target=lambda: self.seen.append(int(frame.sum())))
        thread.start()
        thread.join()
        threading.Thread(target=threading.Event().wait).start()  # not a daemon, and never ends

    def step(self, frame):
        return self.seen[0] % 5


class Remembers(Base):
    """Keeps a frame of the video before, and looks at it in the next."""

    before = None

    def begin(self, frame):
        self.kept = Remembers.before
        Remembers.before = frame

    def step(self, frame):
        return 0.0 if self.kept is None else float(self.kept.sum() % 7)


class Pool(Base):
    def begin(self, frame):
        import multiprocessing

        with multiprocessing.get_context("fork").Pool(2) as pool:
            self.found = pool.map(abs, [-1, 2])

    def step(self, frame):
        return float(sum(self.found))
