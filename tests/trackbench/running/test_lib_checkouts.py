"""Trackers of checkouts whose package is called lib."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.results.chunks import FailureKind
from trackbench.results.directory import Results
from trackbench.running.chosen_trackers import tracker_named, with_parameters

RunTiny = Callable[..., Results]

PARAMETERS = """
from types import SimpleNamespace

def parameters(name):
    with open("experiments/" + name + ".txt") as file:
        return SimpleNamespace(step=float(file.read()))
"""

TRACKER = """
import os
from lib.models.walk import moved

class Walks:
    def __init__(self, params, dataset_name):
        assert params.debug == 0
        assert dataset_name in ("trackbench", "lasot")
        self.step, self.used = params.step, False

    def initialize(self, image, info):
        assert not self.used and list(info) == ["init_bbox"] and image.shape[2] == 3
        self.used, self.box = True, list(info["init_bbox"])

    def track(self, image, info=None):
        assert list(info) == ["previous_output"]
        self.box = moved(self.box, self.step)
        if self.step > 100:
            print("last words")
            {101: lambda: 1 / 0, 102: lambda: os._exit(3),
             103: lambda: [None for _ in iter(int, 1)]}[int(self.step)]()
        if self.step > 99:
            return {"box": self.box}
        return {"target_bbox": self.box, "best_score": 0.5}

def get_tracker_class():
    return Walks
"""


def checkout(folder: Path, step: float = 0.0, sign: str = "+") -> Path:
    """Write one in which a tracker walks; two of them have nothing but names in common."""
    for name in ("tracker", "parameter"):
        (folder / "lib" / "test" / name).mkdir(parents=True, exist_ok=True)
    (folder / "lib" / "models").mkdir(exist_ok=True)
    (folder / "experiments").mkdir(exist_ok=True)
    (folder / "lib" / "test" / "tracker" / "walks.py").write_text(TRACKER)
    (folder / "lib" / "test" / "parameter" / "walks.py").write_text(PARAMETERS)
    (folder / "lib" / "models" / "walk.py").write_text(
        f"def moved(box, step):\n    return [box[0] {sign} step, *box[1:]]\n"
    )
    (folder / "experiments" / "base.txt").write_text(str(step))
    return folder


def predicted(results: Results, number: int = 0) -> Any:
    run = results.runs[number]
    return np.concatenate([tracked.predicted for tracked in run.trajectories()])


@pytest.mark.thorough
def test_two_that_are_called_alike_stand_in_one_table(
    tmp_path: Path, run_tiny: RunTiny, their_python: str
) -> None:
    right = tracker_named(f"lib:{checkout(tmp_path / 'right', 1.0)}:walks:base")
    left_named = f"lib:{checkout(tmp_path / 'left', 1.0, '-')}:walks:base"
    left = trackbench.tracker_elsewhere(left_named, their_python)
    left = replace(with_parameters(left, {"dataset": "lasot"}), id="left")
    results = run_tiny("tiny.py", [right, left, "static"], datasets=["tiny-other"])
    assert [run.record.tracker for run in results.runs] == ["walks-base", "left", "static-v1"]
    assert not any(run.record.failures for run in results.runs)
    steps = np.arange(8)[:, None] * [1, 0, 0, 0]
    right_boxes, left_boxes, still = (predicted(results, number) for number in range(3))
    assert np.array_equal(right_boxes, still + steps)
    assert np.array_equal(left_boxes, still - steps)
    (tracked, *_) = results.runs[1].trajectories()
    assert tracked.confidence is not None
    assert (tracked.confidence[:, 1:] == 0.5).all()


@pytest.mark.thorough
def test_its_sources_and_what_it_reads_when_it_is_built_count(
    tmp_path: Path, run_tiny: RunTiny
) -> None:
    folder = checkout(tmp_path / "checkout")
    told: list[str] = []

    def fingerprint() -> str:
        told.clear()
        given = f"lib:{folder}:walks:base"
        results = run_tiny("tiny.py", [given], datasets=["tiny-other"], tell=told.append)
        assert not any("run anew each time" in line for line in told)
        return results.runs[0].record.fingerprint

    seen = {fingerprint()}
    assert fingerprint() in seen
    assert any("all stored" in line for line in told)
    for name, text in (
        ("experiments/base.txt", "1.0"),
        ("lib/models/walk.py", "def moved(box, step):\n    return box\n"),
        ("lib/test/parameter/walks.py", f"{PARAMETERS}\n"),
        ("lib/test/tracker/walks.py", f"{TRACKER}\n"),
    ):
        (folder / name).write_text(text)
        seen.add(fingerprint())
    assert len(seen) == 5


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("step", "kind", "message"),
    [
        (100, FailureKind.RAISED, "track returned a dict with box, not a dict with target_bbox"),
        (101, FailureKind.RAISED, "ZeroDivisionError: division by zero"),
        (102, FailureKind.DIED, "its process ended with exit code 3"),
        (103, FailureKind.TIMEOUT, "no answer within 1 s"),
    ],
)
def test_what_it_does_wrong_is_named(
    step: int, kind: FailureKind, message: str, tmp_path: Path, run_tiny: RunTiny
) -> None:
    given = f"lib:{checkout(tmp_path / 'checkout', step)}:walks:base"
    (run,) = run_tiny("tiny.py", [given], datasets=["tiny-other"], sequences=2, timeout=1.0).runs
    assert [(failure.sequence, failure.frame) for failure in run.record.failures] == [
        (0, 1),
        (1, 1),
    ]
    for failure in run.record.failures:
        assert failure.kind is kind
        assert message in failure.message
        # what stands in Python's buffer when a process ends at once is never printed
        assert step in {100, 102} or "last words" in failure.output


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("lib:checkout", "lib:checkout does not say enough: write lib:CHECKOUT:NAME:PARAMETER"),
        ("lib:nowhere:walks:base", "nowhere is no checkout of this family: it has no .*/tracker"),
        ("lib:checkout:walk:base", "unknown module of lib.test.tracker .*: did you mean walks?"),
        ("lib:checkout:walks:big", "walks-big cannot be built: FileNotFoundError: .*big.txt"),
    ],
)
def test_what_cannot_begin_is_one_line_and_nothing_is_written(
    given: str, message: str, commands: Callable[..., Any], tmp_path: Path
) -> None:
    checkout(tmp_path / "checkout")
    done = commands("run", "-t", given, "--suite", "smoke", "--sequences", "1", "--out", "r")
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert re.search(message, line), line
    assert not list((tmp_path / "r").rglob("*.parquet"))
