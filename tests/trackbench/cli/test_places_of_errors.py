"""What an author's code raises is told with its file and line."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import trackbench
from trackbench.printing.own_code import place_in
from trackbench.testing import check_tracker

Commands = Callable[..., Any]

CODE = """import numpy as np


def reshaped(frame):
    return np.zeros(3).reshape(2, 2)  # line 5


class Late:
    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return reshaped(frame)


class Unbuilt:
    def __init__(self):
        raise ValueError("no weights")  # line 18

    def init(self, frame, box):
        pass

    def update(self, frame):
        pass


class Caught(Late):
    def update(self, frame):
        try:
            return reshaped(frame)
        except ValueError:
            raise RuntimeError("other")  # line 32


class Wrong(Late):
    def update(self, frame):
        return self.box[:2]
"""
SMALL = ("-d", "mnist-single-same", "--sequences", "1", "--lengths", "3", "-j", "1", "-o", "r")


@pytest.fixture(autouse=True)
def _code(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(CODE)


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("Late", "ValueError: cannot reshape array of size 3 into shape (2,2) (own.py:5)"),
        ("Caught", "RuntimeError: other (own.py:32)"),
        ("Wrong", "where boxes of shape (4,) are due"),
    ],
)
def test_a_failure_at_the_end_of_a_run(commands: Commands, name: str, end: str) -> None:
    done = commands("run", "-t", f"own.py:{name}", *SMALL)
    assert done.code == 3
    failed = [line for line in done.out.splitlines() if line.startswith("failed: ")]
    assert [line.endswith(end) for line in failed] == [True]


def test_a_tracker_that_cannot_be_built(commands: Commands) -> None:
    done = commands("run", "-t", "own.py:Unbuilt", *SMALL)
    assert done.code == 2
    assert done.err.endswith("unbuilt cannot be built: ValueError: no weights (own.py:18)\n")


def test_a_file_that_cannot_be_imported(commands: Commands) -> None:
    Path("broken.py").write_text("class Mine:\n    x = undefined\n")
    done = commands("run", "-t", "broken.py:Mine", *SMALL)
    assert done.code == 2
    assert done.err.endswith("NameError: name 'undefined' is not defined (broken.py:2)\n")


def test_a_drawing_of_a_tracker_that_fails(commands: Commands) -> None:
    drawn = ("show", "mnist-single-same", "--length", "3", "-o", "x.png")
    done = commands(*drawn, "-t", "own.py:Late")
    assert done.code == 2
    assert done.err.endswith("into shape (2,2) (own.py:5)\n")


@pytest.mark.thorough
def test_a_check_of_a_tracker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    [point] = check_tracker("own.py:Late", frames=0).points
    assert point.name == "raises"
    assert point.what.endswith("into shape (2,2) in frame 1 of an easy video (own.py:5).")


def test_whose_code_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    ours = Path(trackbench.__file__).parent / "host" / "tracking.py"
    installed = "/venv/lib/python3.12/site-packages/toolkit"

    def calls(*files: object) -> str:
        return "".join(f'  File "{file}", line {n}, in f\n' for n, file in enumerate(files, 1))

    assert place_in("") == ""
    assert place_in(calls(ours)) == ""
    assert place_in(calls(ours, "/usr/lib/python3.12/json/decoder.py")) == ""
    assert place_in(calls(ours, tmp_path / "a" / "b.py", f"{installed}/x.py")) == "a/b.py:2"
    assert place_in(calls(ours, f"{installed}/a.py", f"{installed}/b.py")) == f"{installed}/a.py:2"
    assert place_in(calls(ours, "<string>", "/elsewhere/trackbench/mine.py")) == (
        "/elsewhere/trackbench/mine.py:3"
    )


def test_what_is_missing_of_an_extra_is_named(commands: Commands) -> None:
    Path("needs.py").write_text(
        "class Mine:\n"
        "    def __init__(self):\n"
        "        raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')\n"
        "    def init(self, frame, box): pass\n"
        "    def update(self, frame): pass\n"
    )
    done = commands("run", "-t", "needs.py:Mine", *SMALL)
    assert done.code == 2
    assert "No module named 'torch': pip install 'trackbench[torch]' (needs.py:3)" in done.err
    python = Path("an interpreter").absolute()
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    other = commands("run", "-t", "needs.py:Mine", "--python", str(python), *SMALL)
    assert other.code == 2
    advice = f"'{python}' -m pip install torch (needs.py:3)"
    assert f"No module named 'torch': {advice}" in other.err  # there nothing of ours is needed
