"""Trackers that are handed whole videos: classes, and programs with a folder."""

from __future__ import annotations

import csv
import io
import re
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.plugins.loading import load_plugin
from trackbench.plugins.tracker_identity import tracker_identity
from trackbench.results.chunks import FailureKind
from trackbench.results.directory import Results
from trackbench.results.run import Run
from trackbench.running.chosen_trackers import tracker_named, with_parameters
from trackbench.testing import check_tracker

PLUGINS = Path(__file__).parents[2] / "plugins"
PROGRAM = PLUGINS / "programs" / "folder_program.py"
RunTiny = Callable[..., Results]


def spec(way: str) -> trackbench.TrackerSpec:
    words = shlex.join([sys.executable, str(PROGRAM), way])
    named = tracker_named(f"folder:{words} {{frames}} {{first}} {{box}} {{boxes}}")
    return replace(named, id=way)


def predicted(run: Run) -> Any:
    return np.concatenate([tracked.predicted for tracked in run.trajectories()])


RIGHT = ("well", "tabs", "spaces", "confidence")
WRONG = ("die", "crash", "hang", "nothing", "short", "rubbish")


@pytest.fixture(scope="module")
def right(run_tiny_in: RunTiny, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """Return the runs of all that go well."""
    trackers = [*map(spec, [*RIGHT, "absent"]), "says", "ncc"]
    options = {"datasets": ["tiny-other"], "sequences": 2}
    results = run_tiny_in(tmp_path_factory.mktemp("right"), "whole.py", trackers, **options)
    return {run.record.tracker: run for run in results.runs}


@pytest.fixture(scope="module")
def wrong(run_tiny_in: RunTiny, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """Return the runs of all that go wrong."""
    trackers = [*map(spec, WRONG), "raises", "too-few"]
    options = {"datasets": ["tiny-other"], "sequences": 2, "timeout": 3.0, "jobs": 1}
    results = run_tiny_in(tmp_path_factory.mktemp("wrong"), "whole.py", trackers, **options)
    return {run.record.tracker: run for run in results.runs}


@pytest.mark.thorough
@pytest.mark.parametrize("way", RIGHT)
def test_a_program_answers_what_the_same_tracker_does_here(way: str, right: dict[str, Run]) -> None:
    theirs, ours = right[way], right["ncc-v1"]
    assert not theirs.record.failures
    assert np.array_equal(predicted(theirs), predicted(ours))
    (tracked, *_) = theirs.trajectories()
    assert (tracked.confidence is not None) == (way == "confidence")


@pytest.mark.thorough
def test_a_class_answers_what_the_same_tracker_does_here(run_tiny: RunTiny) -> None:
    runs = run_tiny("whole.py", ["ncc", "ncc-whole"]).runs
    for ours, theirs in zip(runs[:2], runs[2:], strict=True):
        assert np.array_equal(predicted(theirs), predicted(ours))
        assert theirs.record.frames == ours.record.frames
        assert (theirs.record.sees_future, ours.record.sees_future) == (True, False)


@pytest.mark.thorough
@pytest.mark.parametrize("given", ["absent", "says"])
def test_what_is_said_beside_boxes(given: str, right: dict[str, Run]) -> None:
    (tracked, *_) = right[given].trajectories()
    assert tracked.absent is not None
    assert tracked.absent[0, 3:].all()
    assert not tracked.absent[0, 0]
    if given == "says":
        assert tracked.confidence is not None
        assert tracked.confidence[0, 1:4].tolist()[0::2] == [0.5, 0.25]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ("die", FailureKind.RAISED, "ended with exit code 1; its last words: no such device"),
        ("crash", FailureKind.RAISED, r"was ended by signal 6 \(SIGABRT\); .*: begins"),
        ("hang", FailureKind.TIMEOUT, "no answer within 3 s"),
        (
            "nothing",
            FailureKind.RAISED,
            r"wrote no file of boxes \(\{boxes\}\); .*begins",
        ),
        ("short", FailureKind.RAISED, "wrote 7 lines of boxes for 8 frames"),
        ("rubbish", FailureKind.RAISED, "wrote 'left of the tree' as line 3 of boxes, which is no"),
        ("raises", FailureKind.RAISED, "ValueError: no target"),
        ("too-few", FailureKind.RAISED, r"boxes of shape \(7, 4\)|array of shape \(7, 4\) where"),
    ],
)
def test_what_it_does_wrong_is_named(
    given: str, kind: FailureKind, message: str, wrong: dict[str, Run]
) -> None:
    run = wrong[given]
    assert [(failure.sequence, failure.frame) for failure in run.record.failures] == [
        (0, 0),
        (1, 0),
    ]
    for failure in run.record.failures:
        assert failure.kind is kind
        assert re.search(message, failure.message), failure.message
        assert given not in WRONG or "begins" in failure.output


@pytest.mark.thorough
def test_every_table_says_that_it_sees_the_future(run_tiny: RunTiny) -> None:
    results = run_tiny("whole.py", ["ncc", "ncc-whole", "static"], datasets=["tiny-other"])
    for form in ("markdown", "latex", "html", "text"):
        for layout in ("summary", "paper"):
            text = str(trackbench.report(results, form, layout=layout))
            marked = re.findall(r"(?<!\S)(\S+) \(sees the future\)", text.replace("\\-", "-"))
            assert marked, form
            assert all(name.endswith("ncc-whole") for name in marked)
            assert "ncc-whole: sees the future: handed whole videos" in text or form == "html"
    rows = list(csv.DictReader(io.StringIO(str(trackbench.report(results, "csv")))))
    assert {row["tracker"]: row["sees_future"] for row in rows} == {
        "ncc-v1": "False",
        "ncc-whole": "True",
        "static-v1": "False",
    }
    compared = trackbench.compare(["ncc", "ncc-whole"], results)
    assert "ncc-whole sees the future: it was handed whole videos." in str(compared)
    assert compared.sees_future == ("ncc-whole",)
    trackbench.baseline(results, results.path.parent / "b.json")
    verdict = trackbench.check(results.path, results.path.parent / "b.json")
    for form in ("table", "markdown", "junit"):
        assert "ncc-whole sees the future: it was handed whole videos" in verdict.render(form)


WHOLE = """
import numpy as np

class Whole:
    def track(self, frames, box):
        return np.tile(box, (len(frames), 1))

def build():
    return Whole()
"""


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["whole_videos:Whole", "video:whole_videos:build"])
def test_it_is_named_on_the_command_line(
    name: str, tmp_path: Path, commands: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", sys.path[:])
    monkeypatch.delitem(sys.modules, "whole_videos", raising=False)
    (tmp_path / "whole_videos.py").write_text(WHOLE)
    done = commands("run", "-t", name, "--suite", "smoke", "--sequences", "1", "--out", "r")
    assert done.code == 0, done.err
    assert "sees the future" in done.out


@pytest.mark.thorough
def test_it_runs_in_an_interpreter_of_its_own(
    tmp_path: Path, run_tiny: RunTiny, their_python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "whole_videos.py").write_text(WHOLE)
    monkeypatch.chdir(tmp_path)
    given = trackbench.tracker_elsewhere("video:whole_videos:build", their_python)
    theirs, ours = run_tiny("tiny.py", [given, "static"], datasets=["tiny-other"]).runs
    assert np.array_equal(predicted(theirs), predicted(ours))
    assert theirs.record.sees_future


def test_that_it_sees_the_future_counts() -> None:
    load_plugin(PLUGINS / "whole.py")
    whole = trackbench.registry.trackers().get("ncc-whole")
    assert whole.sees_future
    other = replace(whole, sees_future=False)
    assert tracker_identity(whole).fingerprint != tracker_identity(other).fingerprint


@pytest.mark.thorough
def test_a_check_says_what_it_cannot_judge_of_whole_videos() -> None:
    load_plugin(PLUGINS / "whole.py")
    found = check_tracker("ncc-whole", frames=0)
    assert found.names == ()
    assert "Not judged: " in str(found)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("folder:true {frames}", r"says nothing of \{boxes\}: write it as folder:'PROGRAM"),
        ("folder:no-such-program {frames} {boxes}", "no-such-program is no program that is there"),
        ("folder:", r"the command is empty"),
    ],
)
def test_what_cannot_begin_is_one_line(
    given: str, message: str, commands: Callable[..., Any], tmp_path: Path
) -> None:
    done = commands("run", "-t", given, "--suite", "smoke", "--out", "r")
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert re.search(message, line), line
    assert not (tmp_path / "r").exists()


def test_what_its_command_names_counts(tmp_path: Path) -> None:
    script = tmp_path / "script.sh"
    script.write_text("a")

    def fingerprint() -> str:
        named = tracker_named(f"folder:sh {script} {{frames}} {{boxes}}")
        return tracker_identity(with_parameters(named, {"reads": []})).fingerprint

    before = fingerprint()
    assert fingerprint() == before
    script.write_text("b")
    assert fingerprint() != before
