"""Trackers, and a data set, that read what no hash of their source stands for; a class a kind."""

import collections
import functools
import glob
import importlib
import json
import os
import sqlite3
import subprocess
import tempfile
import threading
from pathlib import Path

import numpy as np

from trackbench import DatasetSpec, Video

HERE = os.path.dirname(os.path.abspath(__file__))


def beside(*names: str) -> str:
    return os.path.join(HERE, *names)


def number(name: str) -> float:
    with open(beside("numbers", name + ".txt")) as file:
        return float(file.read())


AT_IMPORT = number("at_" + "import")


class Shifted:
    """Its boxes are shifted by what it has read."""

    def init(self, frame, box):
        self.box = box.copy()

    def update(self, frame):
        return self.box + [self.read(), 0, 0, 0]

    def read(self) -> float:
        return self.shift


class Module(Shifted):
    def __init__(self):
        self.shift = importlib.import_module("pk." + "sub" + "module").SHIFT


class ModuleReads(Shifted):
    def __init__(self):
        from pk import reads

        self.shift = reads.load()


class Bytes(Shifted):
    def __init__(self):
        with open(os.fsencode(beside("numbers", "by" + "tes.txt")), "rb") as file:
            self.shift = float(file.read())


class Cached(Shifted):
    def __init__(self):
        self.shift = _cached()


@functools.lru_cache
def _cached() -> float:
    return json.loads(Path(HERE, "numbers", "cac" + "hed.json").read_text())["shift"]


class Global(Shifted):
    def __init__(self):
        self.shift = globals()["AT_" + "IMPORT"]


class Numpy(Shifted):
    def __init__(self):
        self.shift = float(np.load(beside("numbers", "num" + "py.npy"))[0])


class Descriptor(Shifted):
    def __init__(self):
        file = os.open(beside("numbers", "des" + "criptor.txt"), os.O_RDONLY)
        self.shift = float(os.read(file, 100))
        os.close(file)


class Listed(Shifted):
    def __init__(self):
        self.shift = float(sorted(os.listdir(beside("listed")))[-1])


class Globbed(Shifted):
    def __init__(self):
        import cv2

        (name,) = glob.glob(beside("glob" + "bed", "*.png"))
        self.shift = float(cv2.imread(name, 0).mean())


class Image(Shifted):
    def __init__(self):
        import cv2

        self.shift = float(cv2.imread(beside("templates", "image.png"), 0).mean())


class Database(Shifted):
    def __init__(self):
        (self.shift,) = (
            sqlite3.connect(beside("data" + "base.sqlite")).execute("select * from n").fetchone()
        )


class Variable(Shifted):
    def __init__(self):
        self.shift = float(os.environ["MY_SHIFT"])


class VariableBuilt(Shifted):
    def __init__(self):
        self.shift = float(os.environ["MY_" + "HIDDEN"])

    def read(self):
        return float(os.environ["MY_" + "HIDDEN"])  # asked for before


class VariableExpanded(Shifted):
    def __init__(self):
        self.shift = float(os.path.expandvars("$MY_" + "HIDDEN"))


class VariableChained(Shifted):
    def __init__(self):
        self.shift = float(collections.ChainMap({}, os.environ)["MY_" + "HIDDEN"])


class VariableOfVideos(Shifted):
    """It is asked for in a file whose name ends like that of Python's own os.py."""

    def __init__(self):
        from pk import videos

        self.shift = videos.load()


class VariableLater(Shifted):
    def read(self):
        return float(os.getenv("MY_" + "HIDDEN"))


class VariableListed(Shifted):
    def read(self):
        return float(next(v for k, v in os.environ.items() if k.endswith("_HIDDEN")))


class VariableUnset(Shifted):
    def __init__(self):
        self.shift = 3.0 if "MY_" + "LATER" in os.environ else 0.5

    def read(self):
        return self.shift


class VariableOwn(Shifted):
    def __init__(self):
        os.environ["MY_" + "OWN"] = "2"

    def read(self):
        tempfile.gettempdir()  # a library asks for variables of its own
        return float(os.environ["MY_" + "OWN"])


class Thread(Shifted):
    def __init__(self):
        found = []
        thread = threading.Thread(target=lambda: found.append(number("thr" + "ead")))
        thread.start()
        thread.join()
        (self.shift,) = found


class Absent(Shifted):
    def __init__(self):
        try:
            self.shift = number("ab" + "sent")
        except FileNotFoundError:
            self.shift = 0.5


class Lazy(Shifted):
    def read(self):
        return number("la" + "zy")


class Child(Shifted):
    def read(self):
        end, other = os.pipe()
        if not os.fork():
            os.write(other, str(number("chi" + "ld")).encode())
            os._exit(0)
        os.wait()
        os.close(other)
        with open(end, "rb") as file:
            return float(file.read())


class Program(Shifted):
    def __init__(self):
        self.shift = float(
            subprocess.run(
                ["cat", beside("numbers", "pro" + "gram.txt")], capture_output=True
            ).stdout
        )


class Server(Shifted):
    def __init__(self):
        import socket

        with socket.create_connection(("127.0.0.1", int(Path("port").read_text()))) as answer:
            self.shift = float(answer.recv(100))


class Own(Shifted):
    """It reads what it wrote itself: that is not from outside."""

    def update(self, frame):
        import tempfile

        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write("2.0")
        Path(file.name).rename(file.name + ".b")
        shift = float(Path(file.name + ".b").read_text())
        os.unlink(file.name + ".b")
        return self.box + [shift, 0, 0, 0]


class OwnFolder(Shifted):
    """It lists folders that it has made itself, and removes them."""

    def __init__(self):
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "a", "b"))
            self.shift = float(len(os.listdir(folder)) + len(glob.glob(folder + "/*/*")))

    def read(self):
        folder = tempfile.mkdtemp()
        found = os.listdir(folder)
        os.rmdir(folder)
        return self.shift + len(found)


class Linked(Shifted):
    """It reads under another name, which is gone then."""

    def __init__(self):
        other = beside("other")
        os.link(beside("numbers", "lin" + "ked.txt"), other)
        with open(other) as file:
            self.shift = float(file.read())
        os.unlink(other)


class InMemory(Shifted):
    """It reads what lies in memory, where everybody may write."""

    def __init__(self):
        with open("/dev/" + "shm/" + HERE.replace("/", "_")) as file:
            self.shift = float(file.read())


class Named(Shifted):
    """It reads while it runs what it names."""

    files = ("numbers/named.txt",)

    def read(self):
        return number("na" + "med")


class Given(Shifted):
    """It reads while it runs what a parameter names."""

    def __init__(self, path="numbers/given.txt"):
        self.path = path

    def read(self):
        return float(Path(self.path).read_text())


class Data:
    """Frames of a brightness that is read from a file for each sequence."""

    def __init__(self, spec):
        self.spec = spec

    def sequence(self, index, length=None):
        n = length or self.spec.length
        light = int(number(f"light{index}"))
        return Video(np.full((n, 40, 40), light, np.uint8), np.tile([10.0, 11, 12, 13], (n, 1)), {})


READ = DatasetSpec(id="read-v1", factory=Data, seed=1, sequences=40, length=3, chunk=20)
