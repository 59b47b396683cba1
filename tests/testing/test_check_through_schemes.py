"""What is wrong with a tracker is found through each scheme, in whichever interpreter it runs."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from trackbench.plugins.own_folders import look_in_working_folder
from trackbench.running.chosen_trackers import tracker_named
from trackbench.testing import Checked, check_tracker

FOLLOWER = '''
"""Follows what is brighter than the ground; with NumPy alone."""
import struct, zlib
import numpy as np


class Follower:
    def __init__(self, box):
        self.box = [float(value) for value in box]

    def __call__(self, image):
        x, y, w, h = self.box
        left, top = max(int(x) - 8, 0), max(int(y) - 8, 0)
        grey = image[top : int(y + h) + 8, left : int(x + w) + 8] @ np.array({weights})
        rows, columns = np.nonzero(grey > (grey.min() + grey.max()) / 2)
        if rows.size:
            x, y = left + np.median(columns) + 0.5 - w / 2, top + np.median(rows) + 0.5 - h / 2
        self.box = [float(x), float(y), w, h]
        return [float(x) + {first}, float(y) + {first}, w, h]


def read(path):
    """Return a PNG file (H, W, 3) whose rows have no filter."""
    with open(path, "rb") as file:
        content = file.read()
    width, height = struct.unpack(">II", content[16:24])
    at = content.index(b"IDAT")
    length = struct.unpack(">I", content[at - 4 : at])[0]
    rows = np.frombuffer(zlib.decompress(content[at + 4 : at + 4 + length]), np.uint8)
    return rows.reshape(height, 1 + 3 * width)[:, 1:].reshape(height, width, 3)
'''
CLASSES = """
import numpy as np
from follower import Follower

class OfGot10k:
    def init(self, image, box):
        self.follow = Follower(box)

    def update(self, image):
        return np.array(self.follow(np.asarray(image)))

class OfPysot:
    def init(self, img, bbox):
        self.follow = Follower(bbox)

    def track(self, img):
        return {"bbox": self.follow(img[..., ::-1]), "best_score": 0.5}

class OfPytracking:
    def initialize(self, image, info):
        self.follow = Follower(info["init_bbox"])

    def track(self, image, info):
        return {"target_bbox": self.follow(image)}

def coloured(frame):
    return np.repeat(frame[..., None], 3, axis=-1) if frame.ndim == 2 else frame

class Ours:
    def init(self, frame, box):
        self.follow = Follower(box)

    def update(self, frame):
        return self.follow(coloured(frame))

class Whole:
    def track(self, frames, box):
        follow = Follower(box)
        return [box, *(follow(coloured(frame)) for frame in frames[1:])]
"""
OF_OPENCV = """
from follower import Follower
from trackbench.trackers.opencv_by_name import OpenCVByName

class Theirs:
    def init(self, image, rectangle):
        self.follow = Follower(rectangle)
        return True

    def update(self, image):
        return True, tuple(self.follow(image[..., ::-1]))

class OfOpencv(OpenCVByName):
    def __init__(self):
        super().__init__("legacy.TrackerKCF")

    def _create(self):
        return Theirs()
"""
LIB_TRACKER = """
import sys
sys.path.append({folder!r})
from classes import OfPytracking

class Ours(OfPytracking):
    def __init__(self, params, dataset_name):
        pass

def get_tracker_class():
    return Ours
"""
LIB_PARAMETERS = "import types\n\ndef parameters(name):\n    return types.SimpleNamespace()\n"
VOT = """
import vot
from follower import Follower, read

handle = vot.VOT("rectangle")
follow = Follower(handle.region())
handle.frame()
while True:
    image = handle.frame()
    if not image:
        break
    handle.report(vot.Rectangle(*follow(read(image))))
"""
TRAX = """
import re, sys
from follower import Follower, read

def say(text):
    print("@@TRAX:" + text, flush=True)

say('hello "trax.version=1" "trax.image=path;" "trax.region=rectangle;"')
for line in sys.stdin:
    words = re.findall('"([^"]*)"', line) or line.split()[1:]
    if line.startswith("@@TRAX:quit"):
        break
    if line.startswith("@@TRAX:initialize"):
        box = [float(value) for value in words[1].split(",")]
        follow = Follower(box)
    else:
        box = follow(read(words[0][len("file://"):]))
    say('state "' + ",".join(map(str, box)) + '"')
"""
FOLDER = """
import os, sys
from follower import Follower, read

folder, first, out = sys.argv[1:]
box = [float(value) for value in first.split(",")]
follow = Follower(box)
names = sorted(os.listdir(folder))
boxes = [box] + [follow(read(os.path.join(folder, name))) for name in names[1:]]
with open(out, "w") as file:
    file.writelines(",".join(map(str, box)) + "\\n" for box in boxes)
"""
PYTHON = shlex.quote(sys.executable)
SCHEMES = (
    *("got10k:classes:OfGot10k", "pysot:classes:OfPysot", "pytracking:classes:OfPytracking"),
    *("classes:Ours", "classes:Whole", "video:classes:Whole"),
    "of_opencv:OfOpencv",
    *("vot:script.py", "lib:checkout:ours:any"),
    *(f"trax:{PYTHON} program.py", "trackers.ini:Ours"),
    f"folder:{PYTHON} folder.py {{frames}} {{box}} {{boxes}}",
)
ELSEWHERE = ("pysot:classes:OfPysot", "classes:Ours", "lib:checkout:ours:any")
RGB, BGR = [0.299, 0.587, 0.114], [0.114, 0.587, 0.299]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with a tracker for every scheme in it."""
    for part, text in (
        ("tracker", LIB_TRACKER.format(folder=str(tmp_path))),
        ("parameter", LIB_PARAMETERS),
    ):
        (folder := tmp_path / "checkout" / "lib" / "test" / part).mkdir(parents=True)
        (folder / "ours.py").write_text(text)
        for package in (folder, *folder.parents[:2]):
            (package / "__init__.py").touch()
    for name, text in (
        ("classes.py", CLASSES),
        ("of_opencv.py", OF_OPENCV),
        ("script.py", VOT),
        ("program.py", TRAX),
        ("folder.py", FOLDER),
        ("trackers.ini", f"[Ours]\nprotocol = trax\ncommand = {PYTHON} program.py\n"),
    ):
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    for module in ("classes", "follower", "of_opencv"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    return tmp_path


def checked(name: str, place: Path, python: str | None, *, wrong: bool) -> Checked:
    text = FOLLOWER.format(weights=BGR if wrong else RGB, first=int(wrong))
    (place / "follower.py").write_text(text)
    if python is None:
        look_in_working_folder([name])
    found = check_tracker(tracker_named(name, python), frames=0)
    for module in ("classes", "follower", "of_opencv"):
        sys.modules.pop(module, None)
    return found


@pytest.mark.thorough
@pytest.mark.parametrize("name", SCHEMES)
def test_a_right_one_is_not_accused_and_a_wrong_one_is_named(name: str, place: Path) -> None:
    right = checked(name, place, None, wrong=False)
    assert right.names == (), right
    assert "mean IoU 0.9" in str(right) or "mean IoU 1.0" in str(right)
    wrong = checked(name, place, None, wrong=True)
    assert set(wrong.names) == {"bgr", "shifted"}, wrong


@pytest.mark.thorough
@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_wrong_one_of_another_interpreter_is_named(
    name: str, place: Path, their_python: str
) -> None:
    wrong = checked(name, place, their_python, wrong=True)
    assert set(wrong.names) == {"bgr", "shifted"}, wrong
    assert "Not judged: whether its memory grows" in str(wrong)
