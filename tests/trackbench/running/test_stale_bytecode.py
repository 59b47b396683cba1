"""What is hashed is what is run: compiled code of another source than the file has now is not."""

from __future__ import annotations

import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trackbench.results.directory import Results

MODULE = "SHIFT = {shift}\n"
PLUGIN = """
from pathlib import Path
import numpy as np
from trackbench.contracts import DatasetSpec, Video

import beside
from package import inner

SHIFT = {shift}

class Here:
    shift = SHIFT
    def init(self, frame, box):
        self.box = box
    def update(self, frame):
        x, y, w, h = self.box
        return x + self.shift, y, w, h

class Beside(Here):
    shift = beside.SHIFT

class Inner(Here):
    shift = inner.SHIFT

class Later(Here):
    def update(self, frame):
        import later
        self.shift = later.SHIFT
        return super().update(frame)

class Data:
    def __init__(self, spec):
        self.spec = spec
    def sequence(self, index, length=None):
        length = length or 4
        frames = np.zeros((length, 20, 20), np.uint8)
        boxes = np.tile([1.0, 1.0, 5.0 + SHIFT, 5.0], (length, 1))
        return Video(frames, boxes, {{}})

data = DatasetSpec(id="d", factory=Data, seed=0, sequences=2, length=4)
"""
FILES = ("plugin.py", "beside.py", "package/inner.py", "later.py")


def old_time_and_size(folder: Path) -> None:
    """Leave compiled code that Python takes for that of the source: as after ``cp -p``."""
    for name in FILES:
        py_compile.compile(str(folder / name), doraise=True)


def never_checked(folder: Path) -> None:
    """Leave compiled code that Python takes for that of any source: as build systems make it."""
    for name in FILES:
        py_compile.compile(
            str(folder / name),
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


def written(folder: Path, shift: int) -> None:
    (folder / "package").mkdir(exist_ok=True)
    for name in FILES:
        text = PLUGIN if name == "plugin.py" else MODULE
        (folder / name).write_text(text.format(shift=shift))
        os.utime(folder / name, (1_700_000_000, 1_700_000_000))


def run(folder: Path, *more: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    trackers = [word for name in ("here", "beside", "inner", "later") for word in ("-t", name)]
    variables = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "trackbench", "run", "--plugin", "plugin.py", *trackers),
            *("-d", "d", "-o", "r", "--jobs", "1", *more),
        ],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done


def answered(folder: Path) -> dict[str, tuple[float, float]]:
    """Return by tracker: how far it shifted the box, and how wide the box was."""
    found = {}
    for stored in Results.load(folder / "r").runs:
        (tracked,) = stored.trajectories()
        shift = tracked.predicted[0, 1, 0] - tracked.truth[0, 1, 0]
        found[stored.record.tracker] = (float(shift), float(tracked.truth[0, 0, 2]))
    return found


@pytest.mark.thorough
@pytest.mark.parametrize("leave", [old_time_and_size, never_checked])
def test_compiled_code_of_another_source_is_not_run(
    tmp_path: Path, leave: Callable[[Path], None]
) -> None:
    written(tmp_path, 1)
    leave(tmp_path)
    written(tmp_path, 2)
    # Python itself takes it for the source's.
    told = "import beside, package.inner; print(beside.SHIFT, package.inner.SHIFT)"
    taken = subprocess.run(
        [sys.executable, "-c", told], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert taken.stdout == "1 1\n"

    run(tmp_path)
    assert answered(tmp_path) == dict.fromkeys(("here", "beside", "inner", "later"), (2, 7))


@pytest.mark.thorough
def test_a_file_edited_within_its_second_is_run_as_it_is_now(tmp_path: Path) -> None:
    written(tmp_path, 1)
    run(tmp_path)
    assert set(answered(tmp_path).values()) == {(1, 6)}
    written(tmp_path, 3)
    done = run(tmp_path, "--fresh")
    assert "all stored" not in done.stdout + done.stderr
    assert set(answered(tmp_path).values()) == {(3, 8)}


@pytest.mark.thorough
def test_what_was_compiled_of_this_source_is_used_again(tmp_path: Path) -> None:
    """Reading it is quicker; and a module's file is named as where it is now."""
    written(tmp_path, 1)
    run(tmp_path)
    kept = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.pyc")}
    assert {file.name.partition(".")[0] for file in kept} == {"plugin", "beside", "inner", "later"}
    run(tmp_path, "--fresh")
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.pyc")} == kept

    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("package", "__pycache__", "plugin.py", "beside.py", "later.py"):
        shutil.move(tmp_path / name, moved / name)
    (moved / "later.py").write_text("raise RuntimeError\n")
    run(moved, code=3)
    (record,) = (r.record for r in Results.load(moved / "r").runs if r.record.tracker == "later")
    assert str(moved / "plugin.py") in record.failures[0].traceback
