"""Scripts that are written for the VOT toolkit, unchanged."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.plugins.tracker_identity import tracker_identity
from trackbench.results.chunks import FailureKind
from trackbench.results.directory import Results
from trackbench.results.run import Run
from trackbench.running.chosen_trackers import tracker_named, with_parameters

SCRIPT = Path(__file__).parents[2] / "plugins" / "programs" / "vot_script.py"
RunTiny = Callable[..., Results]
Runs = dict[str, Run]


def named(way: str) -> str:
    return f"vot:{SCRIPT} {way}"


def predicted(run: Run) -> Any:
    return np.concatenate([tracked.predicted for tracked in run.trajectories()])


RIGHT = ("well", "plain", "manager", "polygon", "mask")
WRONG = ("die", "hang", "raise", "rubbish", "silent", "twice", "exit", "stop")


def runs_of(run_tiny_in: RunTiny, folder: Path, ways: tuple[str, ...], **options: Any) -> Runs:
    """Return the runs of a script in several ways, and of a built-in tracker."""
    trackers = [replace(tracker_named(named(way)), id=way) for way in ways]
    options = {"datasets": ["tiny-other"], "sequences": 2, **options}
    results = run_tiny_in(folder, "tiny.py", [*trackers, "ncc"], **options)
    return {run.record.tracker: run for run in results.runs}


@pytest.fixture(scope="module")
def right(run_tiny_in: RunTiny, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return runs_of(run_tiny_in, tmp_path_factory.mktemp("right"), (*RIGHT, "absent"))


@pytest.fixture(scope="module")
def wrong(run_tiny_in: RunTiny, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return runs_of(run_tiny_in, tmp_path_factory.mktemp("wrong"), WRONG, timeout=1.0, jobs=1)


@pytest.mark.thorough
@pytest.mark.parametrize("way", RIGHT)
def test_it_answers_what_the_same_tracker_does_here(way: str, right: Runs) -> None:
    theirs, ours = right[way], right["ncc-v1"]
    assert not theirs.record.failures
    assert np.allclose(predicted(theirs), predicted(ours), rtol=0, atol=1e-9)
    (tracked, *_) = theirs.trajectories()
    assert (tracked.confidence is None) == (way in {"plain", "manager"})


@pytest.mark.thorough
def test_empty_says_that_the_target_is_absent(right: Runs) -> None:
    (tracked, *_) = right["absent"].trajectories()
    assert tracked.absent is not None
    assert tracked.absent[:, 1:].all()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("way", "kind", "message"),
    [
        ("die", FailureKind.DIED, "its process ended with exit code 7"),
        ("hang", FailureKind.TIMEOUT, "no answer within 1 s"),
        ("raise", FailureKind.RAISED, "KeyError: 'no such key'"),
        ("rubbish", FailureKind.RAISED, "it reported 'left of the tree', which is no region"),
        ("silent", FailureKind.RAISED, "asked for the next image, and reported nothing"),
        ("twice", FailureKind.RAISED, "vot: it reported twice for one image"),
        ("exit", FailureKind.RAISED, r"the script ended with sys.exit\('no more'\)"),
        ("stop", FailureKind.RAISED, "asked for the next image, and reported nothing"),
    ],
)
def test_what_it_does_wrong_is_named(
    way: str, kind: FailureKind, message: str, wrong: Runs
) -> None:
    run = wrong[way]
    assert [(failure.sequence, failure.frame) for failure in run.record.failures] == [
        (0, 2),
        (1, 2),
    ]
    for failure in run.record.failures:
        assert failure.kind is kind
        assert re.search(message, failure.message), failure.message
        assert "frame 2" in failure.output


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("given", "message"),
    [
        (named("nothing"), r"vot_script.py ends without a vot.VOT\(...\): is it a VOT script?"),
        (named("ellipse"), "vot.VOT: there is no region format 'ellipse'"),
        ("vot:broken.py", "broken cannot be built: SyntaxError"),
        ("vot:lacks.py", "lacks cannot be built: ModuleNotFoundError: No module named 'nobodys"),
        ("vot:nowhere.py", "there is no script nowhere.py"),
        ("vot:tracker", "vot:tracker names no script: write vot:SCRIPT.py"),
        ("vot:", "the command is empty"),
    ],
)
def test_what_cannot_begin_is_one_line_and_nothing_is_written(
    given: str, message: str, commands: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "broken.py").write_text("import vot\nif:\n")
    (tmp_path / "lacks.py").write_text("import vot\nimport nobodys_module\n")
    done = commands("run", "-t", given, "--suite", "smoke", "--sequences", "1", "--out", "r")
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert re.search(message, line), line
    assert not list((tmp_path / "r").rglob("*.parquet"))


STATIC = """
import sys
import vot
import their_helper

assert "trackbench" not in sys.modules or {ours}
handle = vot.VOT("rectangle")
region = handle.region()
while handle.frame():
    handle.report(their_helper.moved(region))
"""
HELPER = "def moved(region):\n    return region._replace(x=region.x + {step})\n"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script with a module beside it."""
    (tmp_path / "their_helper.py").write_text(HELPER.format(step=0))
    file = tmp_path / "test.py"  # which Python's own packages have, too
    file.write_text(STATIC.format(ours=True))
    return file


@pytest.mark.thorough
def test_what_it_imports_counts(script: Path) -> None:
    def fingerprint() -> str:
        return tracker_identity(tracker_named(f"vot:{script}")).fingerprint

    first = fingerprint()
    assert fingerprint() == first
    (script.parent / "their_helper.py").write_text(HELPER.format(step=1))
    second = fingerprint()
    script.write_text(script.read_text() + "\n")
    assert len({first, second, fingerprint()}) == 3


@pytest.mark.thorough
def test_it_runs_in_an_interpreter_of_its_own(
    script: Path, run_tiny: RunTiny, their_python: str
) -> None:
    script.write_text(STATIC.format(ours=False))
    given = trackbench.tracker_elsewhere(f"vot:{script}", their_python)
    theirs, ours = run_tiny("tiny.py", [given, "static"], datasets=["tiny-other"]).runs
    assert not theirs.record.failures
    assert np.array_equal(predicted(theirs), predicted(ours))


@pytest.mark.thorough
def test_files_that_it_reads_meanwhile_are_said_or_named(script: Path, run_tiny: RunTiny) -> None:
    (script.parent / "net.pth").write_text("a")
    text = script.read_text()
    script.write_text(f"{text}open({str(script.parent)!r} + '/net' + '.pth').close()\n")
    told: list[str] = []

    def run(**parameters: object) -> Results:
        told.clear()
        spec = with_parameters(tracker_named(f"vot:{script}"), parameters)
        return run_tiny("tiny.py", [spec], datasets=["tiny-other"], tell=told.append)

    run()
    assert any("while it runs it reads" in line for line in told)
    named_file = [str(script.parent / "net.pth")]
    first = run(reads=named_file).runs[0].record.fingerprint
    assert not any("while it runs it reads" in line for line in told)
    (script.parent / "net.pth").write_text("b")
    assert run(reads=named_file).runs[0].record.fingerprint != first
