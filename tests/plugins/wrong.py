"""Trackers that go wrong, each in one way; ``when`` says in which sequence of a unit."""

import atexit
import ctypes
import mmap
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np


class Right:
    """Walks half a pixel a frame; goes wrong in frame 3 of its second sequence."""

    sequence = 0

    def __init__(self, folder="", when=2):
        self.folder, self.when = Path(folder), when

    def init(self, frame, box):
        type(self).sequence += 1
        self.box, self.t = np.array(box), 0

    def update(self, frame):
        self.t += 1
        self.box = self.box + np.array([0.5, 0, 0, 0])
        if self.t == 3 and type(self).sequence == self.when:
            return self.go_wrong(frame)
        return self.box

    def go_wrong(self, frame):
        return self.box

    def first_time(self):
        """Whether this has not happened before, in whatever process."""
        try:
            (self.folder / f"{type(self).__name__}.happened").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


class Raises(Right):
    def go_wrong(self, frame):
        print("about to raise")
        raise ValueError("lost it")


class Interrupts(Right):
    """Raises what Ctrl-C does, though nobody pressed it."""

    def go_wrong(self, frame):
        raise KeyboardInterrupt


class ExitsWithWord(Right):
    def go_wrong(self, frame):
        sys.exit("no weights here")


class OwnError(BaseException):
    def __str__(self):
        raise SystemExit("its text ends the process")


class RaisesItsOwn(Right):
    def go_wrong(self, frame):
        raise OwnError


class RaisesInInit(Right):
    def init(self, frame, box):
        super().init(frame, box)
        if type(self).sequence == self.when:
            raise GeneratorExit("begun and ended")


class ExitsWhenBuilt(Right):
    def __init__(self, folder=""):
        sys.exit("no graphics card")


class ExitsInDel(Right):
    def __del__(self):
        sys.exit("ended in __del__")


class ExitsAtExit(Right):
    def __init__(self, folder=""):
        super().__init__(folder)
        atexit.register(sys.exit, "ended at exit")


class NamesItself(Right):
    """Its error says where it lies in memory, which is somewhere else each time."""

    def go_wrong(self, frame):
        room = [object() for _ in range(os.getpid() % 97)]
        raise ValueError(f"{self} and {object()} of {len(room) >= 0}")


class Hangs(Right):
    def go_wrong(self, frame):
        print("about to hang", flush=True)
        time.sleep(3600)


class Exits(Right):
    def go_wrong(self, frame):
        os._exit(0)


class ExitsInThread(Right):
    def go_wrong(self, frame):
        threading.Thread(target=os._exit, args=(5,)).start()
        time.sleep(3600)


class Crashes(Right):
    def go_wrong(self, frame):
        ctypes.string_at(0)


class EatsMemory(Right):
    def go_wrong(self, frame):
        self.kept = [np.ones(1 << 20) for _ in range(1 << 12)]
        return self.box


class EatsInChildren(Right):
    """Takes memory in two children, neither of which takes too much."""

    def go_wrong(self, frame):
        eater = "x = [bytearray(b'x' * (1 << 20)) for _ in range(300)]; import time; time.sleep(60)"
        for child in [subprocess.Popen([sys.executable, "-c", eater]) for _ in range(2)]:
            child.wait()
        return self.box


class EatsInSessions(Right):
    """Takes memory in two children that have left its group, neither of which takes too much."""

    def go_wrong(self, frame):
        eater = "x = [bytearray(b'x' * (1 << 20)) for _ in range(300)]; import time; time.sleep(60)"
        command = [sys.executable, "-c", eater]
        for child in [subprocess.Popen(command, start_new_session=True) for _ in range(2)]:
            child.wait()
        return self.box


class FindsNoMemory(Right):
    """Asks the system for more than it may have, which has an error of its own for that."""

    def go_wrong(self, frame):
        mmap.mmap(-1, 1 << 33)


class TellsOfNoMemory(Right):
    def go_wrong(self, frame):
        try:
            np.ones(1 << 30)
        except MemoryError:
            raise RuntimeError("no model") from None


class AbortsForMemory(Right):
    """Ends as a library in C++ does that finds no memory."""

    def go_wrong(self, frame):
        os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
        os.abort()


class Prints(Right):
    def go_wrong(self, frame):
        for _ in range(50):
            sys.stdout.write("x" * (1 << 20))
        sys.stdout.flush()
        os.write(2, b"the last word")
        raise ValueError("printed")


class Garbage(Right):
    def go_wrong(self, frame):
        return {"box": "somewhere"}


class Forks(Right):
    """Leaves a child behind that holds every pipe."""

    def init(self, frame, box):
        super().init(frame, box)
        if os.fork() == 0:
            time.sleep(3600)
            os._exit(0)


class Daemon(Right):
    """Leaves a process behind that has left its group and its parent."""

    def init(self, frame, box):
        super().init(frame, box)
        mark = self.folder / f"daemon-{os.getpid()}-{type(self).sequence}"
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                mark.write_text(str(os.getpid()))
                time.sleep(3600)
            os._exit(0)
        while not mark.exists() or not mark.read_text():
            time.sleep(0.01)


class LazyAnswer(Right):
    def go_wrong(self, frame):
        class Lazy:
            def __array__(self, *_, **__):
                time.sleep(3600)

        return Lazy()


class SlowAnswer(Right):
    """Its answers take 20 ms to be read."""

    def update(self, frame):
        box = super().update(frame)

        class Slow:
            def __array__(self, *_, **__):
                time.sleep(0.02)
                return box

        return Slow()


class SleepsInDel(Right):
    def __del__(self):
        time.sleep(3600)


class SlowInDel(Right):
    def __del__(self):
        time.sleep(0.5)


class HangsAfterAnswer(Right):
    """Hangs where no call of its own is: when its host says that a sequence is tracked."""

    where = "_answer"

    def go_wrong(self, frame):
        def hang(frame, *_):
            if frame.f_code.co_name == self.where:
                time.sleep(3600)

        sys.setprofile(hang)
        return self.box


class HangsBeforeNext(HangsAfterAnswer):
    """Hangs when its host has heard which sequence is next."""

    where = "_mapped"


class FallsBack(Right):
    """Answers something else where it finds no memory, and says nothing of it."""

    def go_wrong(self, frame):
        try:
            np.ones(300 << 20, np.uint8)
        except MemoryError:
            self.box = self.box + 5
        return self.box


class DiesWhenBuilt(Right):
    def __init__(self, folder=""):
        os._exit(9)


class KilledWhenBuilt(Right):
    """Is killed when it is built, the first time."""

    def __init__(self, folder=""):
        super().__init__(folder)
        if self.first_time():
            os.kill(os.getpid(), signal.SIGKILL)


class HangsWhenBuilt(Right):
    def __init__(self, folder=""):
        time.sleep(3600)


class RebuildFails(Right):
    """Can be built for a trial and once more; after its failure, no more."""

    def __init__(self, folder=""):
        super().__init__(folder)
        if (self.folder / "failed").exists():
            raise RuntimeError("only once")

    def go_wrong(self, frame):
        (self.folder / "failed").touch()
        raise ValueError("lost it")


class KilledOnce(Right):
    """As from outside, once; and its steps are drawn from a generator of its class."""

    generator = np.random.default_rng(7)

    def update(self, frame):
        super().update(frame)
        self.box = self.box + np.array([0, type(self).generator.normal(), 0, 0])
        return self.box

    def go_wrong(self, frame):
        if self.folder.is_dir() and self.first_time():
            os.kill(os.getpid(), signal.SIGKILL)
        return self.box


class TerminatedOnce(KilledOnce):
    generator = np.random.default_rng(8)

    def go_wrong(self, frame):
        if self.folder.is_dir() and self.first_time():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
        return self.box


class InterruptedOnce(KilledOnce):
    generator = np.random.default_rng(7)

    def go_wrong(self, frame):
        if self.folder.is_dir() and self.first_time():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(60)
        return self.box


class KilledAlways(Right):
    def go_wrong(self, frame):
        os.kill(os.getpid(), signal.SIGKILL)


class Stopped(Right):
    """Is stopped, and continued later than its time for an answer."""

    def go_wrong(self, frame):
        waker = f"import os, time; time.sleep(2.5); os.kill({os.getpid()}, 18)"
        subprocess.Popen([sys.executable, "-c", waker], start_new_session=True)
        os.kill(os.getpid(), signal.SIGSTOP)
        return self.box


class KillsItsServer(Right):
    """Kills what it was forked from, once."""

    def go_wrong(self, frame):
        if self.first_time():
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(60)
        return self.box


class ComesBackTwice(Right):
    """Forks in an update; the child comes back from it, too, and with another answer."""

    def update(self, frame):
        box = super().update(frame)
        if os.fork() == 0:
            return box + 1000.0
        time.sleep(0.01)
        return box


class ChildExits(Right):
    """Forks in each call; the child ends as a program does that has done its work."""

    def init(self, frame, box):
        super().init(frame, box)
        self.fork()

    def update(self, frame):
        self.fork()
        return super().update(frame)

    def fork(self):
        if os.fork() == 0:
            self.end()
        os.wait()

    def end(self):
        sys.exit(0)


class ChildRaises(ChildExits):
    def end(self):
        raise ValueError("in the child")


class StopsItsServer(Right):
    """Stops what it was forked from, and something continues that after its time for an answer."""

    def go_wrong(self, frame):
        if self.first_time():
            waker = f"import os, time; time.sleep(2.5); os.kill({os.getppid()}, 18)"
            subprocess.Popen([sys.executable, "-c", waker], start_new_session=True)
            os.kill(os.getppid(), signal.SIGSTOP)
        return self.box


class PrintsForEver(Right):
    def go_wrong(self, frame):
        while True:
            os.write(1, b"x" * 65536)
