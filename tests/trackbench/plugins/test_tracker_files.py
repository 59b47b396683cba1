"""A tracker named by its file: ``mine.py:Class``."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import trackbench
from trackbench.errors import TrackbenchError
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.results.directory import Results
from trackbench.running.chosen_trackers import tracker_named

SOURCE = """
import NEIGHBOUR as beside

class Mine:
    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return (self.box[0] + beside.STEP, *self.box[1:])

class Kcf(Mine):
    pass

def made(step=2):
    return Mine()

NUMBER = 3
"""

NUMBERS = itertools.count()

Commands = Callable[..., Any]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "there"
    folder.mkdir()
    name = f"beside_{next(NUMBERS)}"  # a process has one module of a name
    (folder / f"{name}.py").write_text("STEP = 1\n")
    (folder / "my-own.py").write_text(SOURCE.replace("NEIGHBOUR", name))
    return folder / "my-own.py"


def ran(out: Path, *trackers: str) -> Results:
    return trackbench.run(
        trackers, datasets="mnist-single-same", sequences=1, lengths=[3], out=out, jobs=1
    )


@pytest.mark.thorough
def test_a_class_and_a_function_of_a_file_are_run(mine: Path, tmp_path: Path) -> None:
    results = ran(tmp_path / "r", f"{mine}:Mine", f"{mine}:made", f"{mine}:Kcf")
    ids = sorted(run.record.tracker for run in results.runs)
    assert ids == ["made", "mine", "my-own-kcf"], "a built-in tracker's id is not taken"
    boxes = {float(run.scores[0, 0]) for run in results.runs}
    assert len(boxes) == 1


@pytest.mark.thorough
def test_what_changed_in_a_file_is_run_and_not_what_was_imported(
    mine: Path, tmp_path: Path
) -> None:
    first = ran(tmp_path / "r", f"{mine}:Mine").runs[0]
    again = ran(tmp_path / "r", f"{mine}:Mine").runs[0]
    assert again.record.fingerprint == first.record.fingerprint
    mine.write_text(mine.read_text().replace("beside.STEP", "9 * beside.STEP"))
    changed = ran(tmp_path / "r", f"{mine}:Mine").runs[0]
    assert changed.record.fingerprint != first.record.fingerprint
    assert changed.scores[0, 0] != first.scores[0, 0]


def test_another_interpreter_finds_it_by_its_file(mine: Path) -> None:
    spec = tracker_named(f"{mine}:Mine", sys.executable)
    assert spec.id == "mine"
    assert str(mine.parent) in repr(spec.factory)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("{}:Mime", "unknown tracker of {} 'Mime': did you mean Mine?"),
        ("{}:Mine.box", "unknown tracker of {} 'Mine.box': did you mean Mine?"),
        ("{}:NUMBER", "is no tracker: it is a int"),
        ("{}:", "write path/to/file.py:Class"),
        ("{}", "{} names no tracker: write {}:"),
        ("{}x.py:Mine", "there is no file"),
    ],
)
def test_a_name_that_is_none_is_told_in_one_line(mine: Path, name: str, message: str) -> None:
    with pytest.raises(TrackbenchError) as told:
        tracker_named(name.format(mine))
    assert message.replace("{}", str(mine)) in str(told.value)
    assert "\n" not in str(told.value)


def test_a_command_may_end_in_a_python_file(tmp_path: Path) -> None:
    (tmp_path / "script.py").touch()
    file = str(tmp_path / "script.py")
    assert tracker_named(f"vot:{file}").id == "script"
    assert tracker_named(f"trax:python3 {file}").id == "script"
    with pytest.raises(TrackbenchError, match="there is no script"):
        tracker_named("vot:no.py")


@pytest.mark.thorough
def test_ids_are_given_by_themselves_or_with_commas(commands: Commands) -> None:
    where = ("-d", "mnist-single-same", "--sequences", "1", "--lengths", "3", "-o", "r", "-j", "1")
    assert commands("run", "-t", "static,ncc", *where).code == 0
    assert "nothing was run" in commands("run", "-t", "ncc", "-t", "static", *where).err
    done = commands("compare", "static,ncc", "-r", "r", "-m", "auc@otb")
    assert (done.code, done.err) == (0, "")
    assert "unknown tracker 'x'" in commands("run", "-t", "static,x", *where).err


@pytest.mark.parametrize(
    ("what", "named"), [("metrics", "auc@otb"), ("protocols", "ope-v1"), ("schemes", "file")]
)
def test_what_can_be_chosen_by_a_name_is_listed(commands: Commands, what: str, named: str) -> None:
    done = commands("list", what)
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()].count(named) == 1
    refused = commands("list", what, "--long")
    assert (refused.code, refused.out) == (2, "")
    assert f"not about {what}" in refused.err


OF_FAMILIES = """
class Got:
    def init(self, image, box): ...
    def update(self, image): ...

class Sot:
    def init(self, img, bbox): ...
    def track(self, img): ...

def build(reach=2):
    return Sot()

class Whole:
    def track(self, frames, box): ...
"""


@pytest.mark.parametrize("python", [None, sys.executable])
@pytest.mark.parametrize(
    ("scheme", "attribute", "family"),
    [("got10k", "Got", "got10k"), ("pysot", "build", "pysot"), ("video", "Whole", "")],
)
def test_a_tracker_of_another_toolkit_may_be_in_a_file(
    scheme: str, attribute: str, family: str, python: str | None, tmp_path: Path
) -> None:
    (tmp_path / "theirs.py").write_text(OF_FAMILIES)
    spec = tracker_named(f"{scheme}:{tmp_path / 'theirs.py'}:{attribute}", python)
    assert (spec.id, spec.family) == (attribute.lower(), family)
    assert spec.sees_future is (scheme == "video")
    assert isinstance(spec.factory, Elsewhere) is (python is not None)
