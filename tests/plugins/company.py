"""Modules that change their process when they are imported, and a data set with a memory."""

import os
import socket
import tempfile

import numpy as np

from trackbench import DatasetSpec, Video

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
        return Video(frames, np.tile([5.0, 5.0, 9.0, 9.0], (length, 1)))


class Fixed(Remembers):
    def sequence(self, index, length=None):
        self.generator = np.random.default_rng([self.spec.seed, index])
        return super().sequence(index, length)


class DrawnOnce(Remembers):
    """Has one background for all its sequences: of the index that it is asked for first."""

    background = None

    def sequence(self, index, length=None):
        length = length or self.spec.length
        if self.background is None:
            generator = np.random.default_rng([self.spec.seed, index])
            self.background = generator.integers(0, 255, (40, 40), np.uint8)
        frames = np.repeat(self.background[None], length, axis=0)
        frames[:, 0, 0] = index
        return Video(frames, np.tile([5.0, 5.0, 9.0, 9.0], (length, 1)))


class KeptByClass(DrawnOnce):
    """Has it in its class."""

    def sequence(self, index, length=None):
        made = super().sequence(index, length)
        type(self).background = self.background
        return made


SCENES = {}


class KeptByModule(DrawnOnce):
    """Has one for each scene of ten sequences, in its module: of the first that is asked for."""

    def sequence(self, index, length=None):
        self.background = SCENES.get(index // 10)
        made = super().sequence(index, length)
        SCENES[index // 10] = self.background
        return made


PALETTE = []


class OfTheFirst(Remembers):
    """Is made with the seed of that data set that the module is asked for first."""

    def sequence(self, index, length=None):
        PALETTE.append(self.spec.seed)
        self.generator = np.random.default_rng([PALETTE[0], index])
        return super().sequence(index, length)


class Alone(Fixed):
    """Can be built by one process at a time."""

    def __init__(self, spec):
        super().__init__(spec)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind("\0trackbench-test-alone")


REMEMBERS = DatasetSpec(id="remembers-v1", factory=Remembers, seed=1, sequences=4, length=3)
ONCE = DatasetSpec(id="once-v1", factory=DrawnOnce, seed=1, sequences=4, length=3, chunk=2)
ONE_BY_ONE = DatasetSpec(id="singly-v1", factory=DrawnOnce, seed=1, sequences=4, length=3, chunk=1)
BY_CLASS = DatasetSpec(id="byclass-v1", factory=KeptByClass, seed=1, sequences=4, length=3)
BY_MODULE = DatasetSpec(
    id="bymodule-v1", factory=KeptByModule, seed=1, sequences=200, length=3, chunk=50
)
OF_FIRST_A = DatasetSpec(id="offirsta-v1", factory=OfTheFirst, seed=1, sequences=4, length=3)
OF_FIRST_B = DatasetSpec(id="offirstb-v1", factory=OfTheFirst, seed=2, sequences=4, length=3)
ALONE = DatasetSpec(id="alone-v1", factory=Alone, seed=1, sequences=4, length=3)
FIXED = DatasetSpec(id="fixed-v1", factory=Fixed, seed=1, sequences=9, length=8, chunk=2)


class KeepsInChild(Company):
    """A child looks at a frame that it kept when the next video has begun."""

    asked = None

    def init(self, frame, box):
        super().init(frame, box)
        if KeepsInChild.asked is not None:
            ask, answer, child, expected = KeepsInChild.asked
            os.write(ask, b"?")
            if int(os.read(answer, 20)) != expected:
                raise ValueError("a frame that was kept is another now")
            os.waitpid(child, 0)
        asked, ask = os.pipe()
        answer, answering = os.pipe()
        child = os.fork()
        if child == 0:
            os.read(asked, 1)
            os.write(answering, str(frame.max()).encode())
            os._exit(0)
        KeepsInChild.asked = ask, answer, child, int(frame.max())


class Raises(Company):
    """Raises, and has closed all that it could say so by."""

    def update(self, frame):
        os.closerange(0, 1000)
        raise ValueError("closed all")


class Nested(Company):
    """Runs another tracker, on a data set of a plugin, once."""

    has_run = False

    def update(self, frame):
        import trackbench

        if not self.has_run:
            self.has_run = True
            with tempfile.TemporaryDirectory() as folder:
                trackbench.run("static", datasets=FIXED, out=folder, jobs=1, sequences=2)
        return self.box


class _Odd(type):
    def __getattribute__(cls, name):
        if name == "__name__" and "TRACKBENCH_TEST_ODD" in os.environ:
            raise RuntimeError("it has no name")
        return super().__getattribute__(name)


class Odd(Company, metaclass=_Odd):
    pass


class ComesBackTwice(Fixed):
    """Forks, and the child comes back with another video."""

    def sequence(self, index, length=None):
        return super().sequence(index + (100 if os.fork() == 0 else 0), length)


class Exits(Fixed):
    def sequence(self, index, length=None):
        os._exit(3)


TWICE = DatasetSpec(id="twice-v1", factory=ComesBackTwice, seed=1, sequences=9, length=8, chunk=2)
EXITS = DatasetSpec(id="exits-v1", factory=Exits, seed=1, sequences=4, length=3)
