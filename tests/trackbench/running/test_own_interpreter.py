"""Trackers in an interpreter of their own, which has NumPy and nothing of ours."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.errors import TrackbenchError
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.results.chunks import FailureKind
from trackbench.results.directory import Results
from trackbench.results.run import Run

RunTiny = Callable[..., Results]
CommandLine = Callable[..., subprocess.CompletedProcess[str]]

THEIRS = '''
import os, sys
import numpy as np
import their_helper


class Walks:
    """Walks half a pixel a frame, by what a module beside it says."""

    def __init__(self, step=0.5):
        self.step = step

    def init(self, frame, box):
        self.box = np.array(box)

    def update(self, frame):
        self.box = self.box + [their_helper.FACTOR * self.step, 0, 0, 0]
        return self.box


class Imports:
    def __init__(self):
        import trackbench

    def init(self, frame, box): ...
    def update(self, frame): ...


class Wrong(Walks):
    """Goes wrong in its second video."""

    videos = 0

    def __init__(self, way):
        super().__init__()
        self.way = way

    def init(self, frame, box):
        super().init(frame, box)
        self.videos += 1

    def update(self, frame):
        if self.videos == 2:
            print("last words")
            {"raise": lambda: 1 / 0, "die": lambda: os.kill(os.getpid(), 11),
             "hang": lambda: [None for _ in iter(int, 1)], "exit": lambda: os._exit(3)}[self.way]()
        return super().update(frame)


class Reads(Walks):
    def update(self, frame):
        open("secret" + ".txt").close()
        return super().update(frame)


class Lockstep:
    """Follows several videos at once; a frame of one alone would be several rows of it."""

    batched = True

    def init(self, frames, boxes):
        assert frames.ndim == 3
        self.boxes = boxes

    def update(self, frames):
        self.boxes = self.boxes + [len(self.boxes) / len(frames), 0, 0, 0]
        return self.boxes


class Whole:
    def track(self, frames, box):
        return [box] * len(frames)


class OfPysot:
    def init(self, img, bbox):
        self.bbox = bbox

    def track(self, img):
        return {"bbox": self.bbox, "best_score": 0.5}
'''


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder with their modules in it."""
    write_modules(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_modules(folder: Path) -> None:
    (folder / "their_tracker.py").write_text(THEIRS)
    (folder / "their_helper.py").write_text("FACTOR = 1\n")
    (folder / "secret.txt").touch()


def elsewhere(name: str, python: str, **parameters: Any) -> trackbench.TrackerSpec:
    spec = trackbench.tracker_elsewhere(f"their_tracker:{name}", python)
    return replace(spec, parameters=parameters)


@pytest.mark.thorough
@pytest.mark.usefixtures("theirs")
def test_its_answers_are_those_that_it_gives_here(run_tiny: RunTiny, their_python: str) -> None:
    found = [
        run_tiny("tiny.py", [spec], out=out, jobs=jobs)
        for spec, out, jobs in (
            ("their_tracker:Walks", "here", 2),
            (elsewhere("Walks", their_python), "there", 1),
            (elsewhere("Walks", their_python), "there with more", 2),
        )
    ]
    for here, there, again in zip(*(results.runs for results in found), strict=True):
        assert not there.record.failures
        assert np.array_equal(here.iou, there.iou)
        parts = [sorted(run.folder.glob("*.parquet")) for run in (there, again)]
        for one, other in zip(*parts, strict=True):
            assert one.read_bytes() == other.read_bytes()
    (record, *_) = (run.record for run in found[1].runs)
    assert record.versions["numpy"] == np.__version__
    assert "opencv-contrib-python" not in record.versions  # as it is here, and not there


@pytest.mark.thorough
@pytest.mark.usefixtures("theirs")
def test_nothing_of_ours_is_there(run_tiny: RunTiny, their_python: str) -> None:
    with pytest.raises(TrackbenchError, match="No module named 'trackbench'"):
        run_tiny("tiny.py", [elsewhere("Imports", their_python)], datasets=["tiny-other"])


@pytest.mark.thorough
def test_what_it_imports_counts(theirs: Path, run_tiny: RunTiny, their_python: str) -> None:
    told: list[str] = []

    def run() -> Results:
        told.clear()
        spec = elsewhere("Walks", their_python)
        return run_tiny("tiny.py", [spec], datasets=["tiny-other"], tell=told.append)

    first = run()
    again = run().runs[0].record
    assert replace(again, last_run=first.runs[0].record.last_run) == first.runs[0].record
    assert any("all stored" in line for line in told)
    (theirs / "their_helper.py").write_text("FACTOR = 2\n")
    second = run()
    assert second.runs[0].record.fingerprint != first.runs[0].record.fingerprint
    assert not np.array_equal(second.runs[0].iou, first.runs[0].iou)


WRONG = {
    "raise": FailureKind.RAISED,
    "die": FailureKind.DIED,
    "exit": FailureKind.DIED,
    "hang": FailureKind.TIMEOUT,
}


@pytest.fixture(scope="module")
def wrong(
    run_tiny_in: RunTiny, tmp_path_factory: pytest.TempPathFactory, their_python: str
) -> dict[str, Run]:
    """Return the runs of one that goes wrong in each way."""
    write_modules(folder := tmp_path_factory.mktemp("wrong"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        given = [replace(elsewhere("Wrong", their_python, way=way), id=way) for way in WRONG]
        options = {"datasets": ["tiny-other"], "timeout": 1.0}
        results = run_tiny_in(folder, "tiny.py", given, **options)
    return {run.record.tracker: run for run in results.runs}


@pytest.mark.thorough
@pytest.mark.parametrize(("way", "kind"), WRONG.items())
def test_it_fails_as_those_do_that_run_here(
    way: str, kind: FailureKind, wrong: dict[str, Run]
) -> None:
    failures = wrong[way].record.failures
    assert {(failure.sequence, failure.kind) for failure in failures} == {(1, kind), (3, kind)}
    assert all("last words" in failure.output for failure in failures)


@pytest.mark.thorough
@pytest.mark.usefixtures("theirs")
def test_what_it_reads_is_noticed(run_tiny: RunTiny, their_python: str) -> None:
    told: list[str] = []
    spec = elsewhere("Reads", their_python)
    run_tiny("tiny.py", [spec], datasets=["tiny-other"], tell=told.append)
    assert any("run anew each time: while it runs it reads" in line for line in told)


@pytest.mark.thorough
@pytest.mark.usefixtures("theirs")
def test_a_tracker_of_another_toolkit_runs_there_too(run_tiny: RunTiny, their_python: str) -> None:
    spec = trackbench.tracker_elsewhere("pysot:their_tracker:OfPysot", their_python)
    runs = run_tiny("tiny.py", [spec, "static"], datasets=["tiny-other"]).runs
    assert np.array_equal(runs[0].iou, runs[1].iou)
    (tracked, *_) = runs[0].trajectories()
    assert tracked.confidence is not None
    assert (tracked.confidence[:, 1:] == 0.5).all()


@pytest.mark.thorough
@pytest.mark.usefixtures("theirs")
def test_one_that_follows_several_videos_is_handed_several(
    run_tiny: RunTiny, their_python: str
) -> None:
    given = [elsewhere("Lockstep", their_python), elsewhere("Walks", their_python, step=1.0)]
    lockstep, walks = run_tiny("tiny.py", given, datasets=["tiny-other"]).runs
    assert not lockstep.record.failures
    assert np.array_equal(lockstep.iou, walks.iou)


@pytest.mark.usefixtures("theirs")
def test_it_is_drawn(their_python: str, tmp_path: Path) -> None:
    spec = elsewhere("Walks", their_python)
    trackbench.show("mnist-single-same", tmp_path / "a.png", trackers=spec, length=2)
    assert (tmp_path / "a.png").stat().st_size > 0


@pytest.mark.usefixtures("theirs")
def test_a_parameter_that_others_cannot_read_is_refused(
    run_tiny: RunTiny, their_python: str
) -> None:
    spec = elsewhere("Walks", their_python, step=np.ones(3))
    with pytest.raises(TrackbenchError, match="its parameter step is ndarray: give numbers"):
        run_tiny("tiny.py", [spec], datasets=["tiny-other"])


def script(folder: Path, text: str) -> str:
    file = folder / "an interpreter"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return str(file)


OLD = '{"python": [3, 7, 16], "libraries": {"numpy": "1.21"}, "path": [], "installed": []}'
BARE = '{"python": [3, 12, 1], "libraries": {}, "path": [], "installed": []}'


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("python", "message"),
    [
        ("/nowhere/python", "/nowhere/python is not there: give a Python interpreter"),
        (".", "is no program"),
        ("exit 0", "does not answer as a Python interpreter does"),
        ("echo 7", "does not answer as a Python interpreter does"),
        (f"echo '{OLD}'", "is Python 3.7.16: 3.8 or newer is needed"),
        (f"echo '{BARE}'", "has no NumPy: install numpy into that environment"),
    ],
)
def test_what_is_no_interpreter_is_one_clear_line(
    theirs: Path, python: str, message: str, trackbench_cli: CommandLine
) -> None:
    given = script(theirs, python) if " " in python else python
    done = trackbench_cli(
        *("run", "--tracker", "their_tracker:Walks"),
        *("--python", given, "--suite", "smoke", "--out", "results"),
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert message in line
    assert not (theirs / "results").exists()


@pytest.mark.thorough
@pytest.mark.usefixtures("theirs")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("their_tracker:Nothing", "their_tracker has no 'Nothing'"),
        ("nobodys:Walks", "there is no module 'nobodys' for"),
        ("pysot:their_tracker", "write pysot:package.module:Class"),
        ("pysot:their_tracker:Walks", "walks is no pysot tracker: it has no method track"),
        ("their_tracker:OfPysot", "ofpysot is no tracker: it has no method update"),
        ("their_tracker:Whole", r"whole has track\(frames, box\), .* it is named video:package"),
    ],
)
def test_what_is_not_there_is_one_clear_line(
    name: str, message: str, run_tiny: RunTiny, their_python: str
) -> None:
    with pytest.raises(TrackbenchError, match=message):
        run_tiny(
            "tiny.py", [trackbench.tracker_elsewhere(name, their_python)], datasets=["tiny-other"]
        )


def test_an_environment_in_the_working_folder_is_installed_all_the_same(theirs: Path) -> None:
    packages = theirs / ".venv" / "lib" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "installed_there.py").touch()
    found = Elsewhere("a:B", "python", (), (str(packages), str(theirs)), (str(theirs),), ())
    there = replace(found, installed=(str(packages),))
    assert there.is_installed(str(packages / "installed_there.py"))
    assert not there.is_installed(str(theirs / "their_helper.py"))
