"""Programs at their worst spoil the video that they do it in, and nothing else."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from processes import marked

import trackbench
from trackbench.results.directory import Results
from trackbench.results.run import Run
from trackbench.running.chosen_trackers import tracker_named, with_parameters
from trackbench.trackers.child_program import ProgramError
from trackbench.trackers.trax import TraxTracker

PROGRAM = Path(__file__).parents[2] / "plugins" / "programs" / "hostile.py"
MOST_MEMORY = 300 * 2**20
RunTiny = Callable[..., Results]

INVALID = "invalid"
HARMLESS = {"much-stderr", "much-stdout", "swap", "children"}
LATE = r"did not answer within 1 s: a state is due"
TRAX = [
    ("nan", INVALID),
    ("some-nan", INVALID),
    ("huge", ""),
    ("infinite", INVALID),
    ("seven", "breaks the TraX protocol: '7,7,7,7,7,7,7' is no region"),
    ("words", r"breaks the TraX protocol: '[0-9.]+' is no region"),
    ("half-code", r"breaks the TraX protocol: '0\.5' is no region"),
    ("confidence", "breaks the TraX protocol: its confidence 'very' is no number"),
    ("nothing", "answers with 0 regions, not with one"),
    ("unknown", "sends 'stat' where a state is due"),
    ("much-stderr", ""),
    ("much-stdout", ""),
    ("much-talk", "says '@@TRAX:state 1,1,1,1' when nothing is asked: a line too many"),
    ("long-answer", LATE),
    ("twice", "when nothing is asked: a line too many"),
    ("early", "says '@@TRAX:state 1,1,1,1' when nothing is asked: a line too many"),
    ("empty", LATE),
    ("binary", "breaks the TraX protocol: it is not UTF-8"),
    ("rubbish", LATE),
    ("half", "ended with exit code 0; its last words: @@TRAX:state"),
    ("exit", "ended with exit code 0; its last words: done"),
    ("children", "ended with exit code 0; its last words: gone"),
    ("stubborn", LATE),
    ("close", "closed its output and did not end; its last words: no more"),
    ("deaf", "ended with exit code 1; its last words: OSError"),
    ("stopped", LATE),
]
FOLDER = [
    ("few", "wrote 7 lines of boxes for 8 frames"),
    ("many", "wrote 9 lines of boxes for 8 frames"),
    ("link", "wrote a file of boxes that cannot be read: it is a link"),
    ("endless", "wrote a file of boxes that cannot be read: it is a link"),
    ("pipe", "wrote a file of boxes that cannot be read: it is no plain file"),
    ("folder", "wrote a file of boxes that cannot be read: (it is no plain file|Is a directory)"),
    ("big", "wrote a file of boxes that cannot be read: it has more than 1000 bytes a frame"),
    ("binary", "wrote a file of boxes that cannot be read: 'utf-8' codec"),
    ("swap", ""),
    ("write-protected", "ended with exit code 7; it has said nothing"),
    ("close", "no answer within 3 s"),
    ("children", ""),
]


@dataclass(frozen=True)
class Ran:
    """A run of hostile programs beside one that stands still, and what it has left.

    Attributes:
        runs: by their trackers.
        home: with a folder for each case.
        temporary: names of what is left among temporary files.
        processes: the words of each process that is left.
    """

    runs: dict[str, Run]
    home: Path
    temporary: list[str]
    processes: list[str]


def case_id(kind: str, way: str) -> str:
    return f"{kind}-{way}"


def spec(kind: str, way: str, home: Path) -> trackbench.TrackerSpec:
    (home / "kept").mkdir(parents=True)
    (home / "kept" / "precious").write_text("precious")
    counter = str(home / "kept" / "counter")
    words = shlex.join([sys.executable, "-S", "-E", str(PROGRAM), kind, way, counter])
    if kind == "trax":
        timeout = 15.0 if way.startswith("much") else 1.0
        named = with_parameters(tracker_named(f"trax:{words}"), {"timeout": timeout})
    else:
        named = tracker_named(f"folder:{words} {{frames}} {{box}} {{boxes}}")
    return replace(named, id=case_id(kind, way))


CASES = [("trax", *case) for case in TRAX] + [("folder", *case) for case in FOLDER]
IN_EVERY_RUN_OF_TESTS = [case for case in CASES if case[1] == "twice"]
THOROUGH = [case for case in CASES if case not in IN_EVERY_RUN_OF_TESTS]


@pytest.fixture(scope="module")
def ran(run_tiny_in: RunTiny, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """Run all thorough cases of a kind together."""
    made = {}
    for kind, timeout in (("trax", 20.0), ("folder", 3.0)):
        ways = [case[1] for case in THOROUGH if case[0] == kind]
        made[kind] = run_hostile(run_tiny_in, tmp_path_factory.mktemp(kind), kind, ways, timeout)
    return made


def run_hostile(
    run_tiny_in: RunTiny, home: Path, kind: str, ways: list[str], timeout: float
) -> Ran:
    (temporary := home / "temporary").mkdir()
    mark = f"TRACKBENCH_TEST_MARK={home}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        patch.setenv(*mark.split("=", 1))
        results = run_tiny_in(
            home,
            "tiny.py",
            [*(spec(kind, way, home / way) for way in ways), "static"],
            datasets=["tiny-other"],
            jobs=1,
            timeout=timeout,
        )
    processes = [words for words in map(words_of, marked(mark)) if PROGRAM.name in words]
    left = [path.name for path in temporary.iterdir()]
    return Ran({run.record.tracker: run for run in results.runs}, home, left, processes)


@pytest.mark.thorough
@pytest.mark.parametrize(("kind", "way", "message"), THOROUGH)
def test_it_spoils_the_video_that_it_does_it_in(
    kind: str, way: str, message: str, ran: dict[str, Ran]
) -> None:
    check_case(ran[kind], kind, way, message)


@pytest.mark.parametrize(("kind", "way", "message"), IN_EVERY_RUN_OF_TESTS)
def test_one_spoils_the_video_that_it_does_it_in(
    kind: str, way: str, message: str, run_tiny_in: RunTiny, tmp_path: Path
) -> None:
    check_case(run_hostile(run_tiny_in, tmp_path, kind, [way], 20.0), kind, way, message)


def check_case(ran: Ran, kind: str, way: str, message: str) -> None:
    run, still = ran.runs[case_id(kind, way)], ran.runs["static-v1"]
    check_failures(run, message)
    theirs, ours = predicted(run), predicted(still)
    others = [
        sequence
        for sequence in range(len(ours))
        if sequence != 1 or (not message and way in HARMLESS)
    ]
    assert len(others) > 2
    assert np.array_equal(theirs[others], ours[others])
    assert run.peak_memory < MOST_MEMORY
    assert (ran.home / way / "kept" / "precious").read_text() == "precious"
    assert not ran.temporary
    assert not [words for words in ran.processes if f"\0{way}\0" in words]


def words_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def check_failures(run: Run, message: str) -> None:
    failures = run.record.failures
    if message in {"", INVALID}:
        assert not failures
        assert run.invalid == (1 if message else 0)
        return
    (failure,) = failures
    assert failure.sequence == 1
    assert re.search(message, failure.message), failure.message
    assert "\n" not in failure.message
    assert len(failure.message) < 600


def predicted(run: Run) -> Any:
    return np.concatenate([tracked.predicted for tracked in run.trajectories()])


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("way", "message"), [(way, message) for way, message in TRAX if message not in {"", INVALID}]
)
def test_what_it_does_is_said(way: str, message: str, tmp_path: Path) -> None:
    tracker = built(spec("trax", way, tmp_path))
    frame, box = np.zeros((8, 9), np.uint8), np.array([1.0, 2, 3, 4])
    for frames in (3, 2):
        tracker.init(frame, box)
        for _ in range(1, frames):
            assert np.array_equal(tracker.update(frame).box, box)
    with pytest.raises(ProgramError, match=message) as told:
        list(map(tracker.update, [frame] * 4))
    assert "\n" not in str(told.value)


def built(given: trackbench.TrackerSpec) -> Any:
    return TraxTracker(**given.parameters)  # type: ignore[arg-type]  # as a run builds it


@pytest.mark.thorough
def test_half_a_hello_is_none(tmp_path: Path, run_tiny: RunTiny) -> None:
    with pytest.raises(trackbench.TrackbenchError, match=r"within 1 s: its hello .* is due"):
        run_tiny("tiny.py", [spec("trax", "half-hello", tmp_path)], datasets=["tiny-other"])
