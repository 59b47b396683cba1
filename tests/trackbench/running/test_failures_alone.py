"""Only the tracker's failures are the tracker's: one sequence each, and nobody else's."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from processes import marked

import trackbench
from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.plugins.loading import load_plugin
from trackbench.results.chunks import Failure, FailureKind
from trackbench.results.directory import Results
from trackbench.running.chosen_trackers import with_parameters

PLUGINS = Path(__file__).parents[2] / "plugins"
pytestmark = pytest.mark.thorough

RunTiny = Callable[..., Results]
BoxesOf = Callable[[Results], dict[tuple[str, str], Any]]
KEY = "tiny-v1"
# Sequences 0 to 2 are the first unit of three: the second sequence of each fails.
SECOND_OF_EACH = [1, 4, 7]


@pytest.fixture
def fail(run_tiny: RunTiny, tmp_path: Path) -> Callable[..., list[Failure]]:
    """Run one wrong tracker beside a right one, and return its failures; the right one has none."""

    def call(tracker: str, **options: Any) -> list[Failure]:
        load_plugin(PLUGINS / "wrong.py")
        spec = _in_folder(tracker, tmp_path)
        options = {"datasets": ["tiny"], "timeout": 1.0, "jobs": 1, **options}
        results = run_tiny("tiny.py", [spec, "right"], **options)
        wrong, right = results.runs
        assert not right.record.failures
        assert right.iou.any(axis=1).all()
        return list(wrong.record.failures)

    return call


def _in_folder(tracker: str, folder: Path) -> TrackerSpec:
    """Return a tracker of ``wrong.py`` that leaves its marks in a folder."""
    return with_parameters(registry.trackers().get(tracker), {"folder": str(folder)})


Fail = Callable[..., list[Failure]]


SPOILED = {
    "raises": (FailureKind.RAISED, "ValueError: lost it"),
    "hangs": (FailureKind.TIMEOUT, "no answer within 1 s"),
    "exits": (FailureKind.DIED, "its process ended with exit code 0"),
    "exitsinthread": (FailureKind.DIED, "its process ended with exit code 5"),
    "crashes": (FailureKind.DIED, "its process ended with signal 11 (SIGSEGV)"),
    "garbage": (FailureKind.RAISED, "AnswerError: the tracker returned {'box': 'somewhere'}"),
    "lazyanswer": (FailureKind.TIMEOUT, "no answer within 1 s"),
    "prints": (FailureKind.RAISED, "ValueError: printed"),
    "printsforever": (FailureKind.TIMEOUT, "no answer within 1 s"),
    "interrupts": (FailureKind.RAISED, "KeyboardInterrupt"),
    "exitswithword": (FailureKind.RAISED, "SystemExit: no weights here"),
    "raisesitsown": (FailureKind.RAISED, "OwnError"),
    "killedalways": (FailureKind.KILLED, "its process was ended by signal 9 (SIGKILL), and"),
}
"""Tracker -> kind and beginning of the message of each of its failures."""
AFTER_ALL = ("exitsindel", "exitsatexit")
"""These end their process when all is answered."""
OUT_OF_MEMORY = ("findsnomemory", "tellsofnomemory", "abortsformemory")
TOO_LARGE_CHILDREN = ("eatsinchildren", "eatsinsessions")


def _together(trackers: tuple[str, ...], folder: Path, **options: Any) -> dict[str, list[Failure]]:
    """Run wrong trackers and a right one together; the right one has no failure."""
    load_plugin(PLUGINS / "tiny.py")
    load_plugin(PLUGINS / "wrong.py")  # once: a class of a module that was loaded again has no file
    results = trackbench.run(
        [*(_in_folder(tracker, folder) for tracker in trackers), "right"],
        datasets=["tiny"],
        out=folder / "r",
        tell=str,
        **options,
    )
    runs = {run.record.tracker: run for run in results.runs}
    right = runs.pop("right")
    assert not right.record.failures
    assert right.iou.any(axis=1).all()
    return {tracker: list(run.record.failures) for tracker, run in runs.items()}


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Failure]]:
    """Run all that need neither time nor memory nor signals from outside."""
    wrong = (*(each for each in SPOILED if each != "prints"), "raisesininit", *AFTER_ALL)
    return _together(wrong, tmp_path_factory.mktemp("spoiled"), jobs=2, timeout=1.0)


@pytest.fixture(scope="module")
def given_time(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Failure]]:
    """Run all that take more memory than they may, and one whose prints somebody must read."""
    wrong = ("prints", "eatsmemory", *OUT_OF_MEMORY, *TOO_LARGE_CHILDREN)
    folder = tmp_path_factory.mktemp("memory")
    return _together(wrong, folder, jobs=1, timeout=30.0, memory=400 << 20)


@pytest.mark.parametrize("tracker", SPOILED)
def test_it_spoils_its_own_sequence_from_its_frame_on(
    spoiled: dict[str, list[Failure]], given_time: dict[str, list[Failure]], tracker: str
) -> None:
    failures, (kind, message) = {**spoiled, **given_time}[tracker], SPOILED[tracker]
    assert [failure.sequence for failure in failures] == SECOND_OF_EACH
    assert {(failure.kind, failure.frame) for failure in failures} == {(kind, 3)}
    assert all(failure.message.startswith(message) for failure in failures)


def test_the_last_that_was_printed_is_kept_with_a_failure(
    spoiled: dict[str, list[Failure]], given_time: dict[str, list[Failure]]
) -> None:
    for failure in given_time["prints"]:
        assert failure.output.endswith("the last word")
        assert len(failure.output) == 64 * 1024
    assert all("about to raise" in failure.output for failure in spoiled["raises"])


def test_what_is_printed_before_a_hang_is_kept(spoiled: dict[str, list[Failure]]) -> None:
    assert all("about to hang" in failure.output for failure in spoiled["hangs"])


ENDED = ("killedonce", "terminatedonce", "interruptedonce")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Run the same trackers where nothing ends them."""
    folder = tmp_path_factory.mktemp("undisturbed")
    load_plugin(PLUGINS / "tiny.py")
    load_plugin(PLUGINS / "wrong.py")
    trackers = [_in_folder(tracker, folder / "nowhere") for tracker in (*ENDED, "right")]
    return trackbench.run(trackers, datasets=["tiny"], out=folder / "r", jobs=2, tell=str)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[Failure]]]:
    """Run them where each is ended once; return the folder of that, and their failures."""
    folder = tmp_path_factory.mktemp("ended")
    return folder, _together((*ENDED, "killedwhenbuilt"), folder, jobs=2, timeout=1.0)


@pytest.mark.parametrize("tracker", [*ENDED, "killedwhenbuilt"])
def test_ended_from_outside_it_is_repeated_and_answers_the_same(
    undisturbed: Results,
    boxes_of: BoxesOf,
    ended: tuple[Path, dict[str, list[Failure]]],
    tracker: str,
) -> None:
    same = "right" if tracker == "killedwhenbuilt" else tracker
    folder, failures = ended
    assert failures[tracker] == []
    happened = {path.name.lower() for path in folder.glob("*.happened")}
    assert happened == {f"{each}.happened" for each in failures}
    found = Results.load(folder / "r")
    np.testing.assert_array_equal(boxes_of(found)[tracker, KEY], boxes_of(undisturbed)[same, KEY])


def test_what_ends_a_process_elsewhere_is_an_error_here(spoiled: dict[str, list[Failure]]) -> None:
    failures = spoiled["raisesininit"]
    assert [(failure.sequence, failure.frame) for failure in failures] == [(1, 0), (4, 0), (7, 0)]
    assert {failure.message for failure in failures} == {"GeneratorExit: begun and ended"}
    assert all("in init\n    raise GeneratorExit" in failure.traceback for failure in failures)


def test_an_exit_of_its_own_when_it_is_built_refuses_the_run(fail: Fail) -> None:
    with pytest.raises(TrackbenchError, match="exitswhenbuilt cannot be built: SystemExit: no gr"):
        fail("exitswhenbuilt")


@pytest.mark.parametrize("tracker", AFTER_ALL)
def test_an_exit_when_all_is_answered_harms_no_answer(
    spoiled: dict[str, list[Failure]], tracker: str
) -> None:
    assert spoiled[tracker] == []


def test_failures_of_equal_runs_are_equal(fail: Fail) -> None:
    one, other = fail("namesitself", jobs=1), fail("namesitself", jobs=2, out="again")
    assert one == other
    assert [failure.sequence for failure in one] == SECOND_OF_EACH
    assert one[0].message == (
        "ValueError: <trackbench_plugin_wrong.NamesItself object at 0x…> and "
        "<object object at 0x…> of True"
    )
    assert one[0].message in one[0].traceback


def test_a_lost_server_is_not_the_trackers_failure(fail: Fail, tmp_path: Path) -> None:
    assert fail("killsitsserver", jobs=2) == []
    assert (tmp_path / "KillsItsServer.happened").exists()


@pytest.mark.parametrize("tracker", ["stopped", "stopsitsserver"])
def test_a_stopped_process_has_no_deadline(fail: Fail, tracker: str) -> None:
    assert fail(tracker, jobs=2) == []


def test_a_child_that_comes_back_from_a_call_or_fails_in_it_answers_nothing(
    run_tiny: RunTiny, boxes_of: BoxesOf
) -> None:
    forking = ["comesbacktwice", "childexits", "childraises"]
    results = run_tiny("wrong.py", [*forking, "right"], datasets=["tiny"], jobs=1)
    boxes = boxes_of(results)
    for run in results.runs:
        assert not run.record.failures
        np.testing.assert_array_equal(boxes[run.record.tracker, KEY], boxes["right", KEY])


@pytest.mark.parametrize(
    ("tracker", "kind", "message"),
    [
        (
            "dieswhenbuilt",
            FailureKind.DIED,
            "when it was built: its process ended with exit code 9",
        ),
        ("hangswhenbuilt", FailureKind.TIMEOUT, "when it was built: no answer within 1 s"),
    ],
)
def test_a_process_that_ends_over_building_spoils_every_sequence(
    fail: Fail, tracker: str, kind: FailureKind, message: str
) -> None:
    begun = time.monotonic()
    failures = fail(tracker)
    assert time.monotonic() - begun < 30  # it is not waited for in every unit
    assert [failure.sequence for failure in failures] == list(range(9))
    assert {(f.frame, f.kind, f.message) for f in failures} == {(0, kind, message)}


def test_a_rebuild_that_fails_spoils_the_rest_of_the_unit(fail: Fail) -> None:
    failures = {failure.sequence: failure for failure in fail("rebuildfails", jobs=1)}
    assert failures[1].message == "ValueError: lost it"
    assert failures[2].message == "rebuildfails cannot be built: RuntimeError: only once"
    assert sorted(failures) == list(range(1, 9))


def test_a_slow_answer_is_the_trackers_time(run_tiny: RunTiny) -> None:
    slow, right = run_tiny("wrong.py", ["slowanswer", "right"], datasets=["tiny"]).runs
    assert slow.record.seconds > 9 * 7 * 0.02
    assert right.record.seconds < slow.record.seconds / 10
    np.testing.assert_array_equal(slow.iou, right.iou)


def test_ending_is_the_trackers_time(run_tiny: RunTiny) -> None:
    (slow,) = run_tiny("wrong.py", ["slowindel"], datasets=["tiny"]).runs
    assert slow.record.seconds > 3 * 0.5  # three units, a tracker each
    assert not slow.record.failures


def test_an_end_that_hangs_is_ended_and_said(fail: Fail) -> None:
    failures = fail("sleepsindel", datasets=["tiny-other"])
    assert [(failure.sequence, failure.frame) for failure in failures] == [(1, 8), (3, 8)]
    assert {f.message for f in failures} == {"when it was closed: no answer within 1 s"}


def test_a_hang_between_two_calls_is_ended_and_said(run_tiny: RunTiny, tmp_path: Path) -> None:
    """A thread that lets no other run, or what is collected by chance, can do it."""
    load_plugin(PLUGINS / "wrong.py")
    wrong = [
        replace(spec, parameters={**spec.parameters, "when": 1})
        for spec in (_in_folder(name, tmp_path) for name in ("hangsafteranswer", "hangsbeforenext"))
    ]
    options = {"datasets": ["tiny"], "sequences": 3, "timeout": 1.0, "jobs": 2}
    results = run_tiny("tiny.py", wrong, **options)
    failed = {run.record.tracker: run.record.failures for run in results.runs}
    places = {name: [(f.sequence, f.frame) for f in found] for name, found in failed.items()}
    # What was answered stays; another host has another first sequence, and hangs after that.
    assert places == {
        "hangsafteranswer": [(0, 8), (1, 8), (2, 8)],
        "hangsbeforenext": [(1, 0)],
    }
    found = [failure for each in failed.values() for failure in each]
    assert {(f.kind, f.message) for f in found} == {(FailureKind.TIMEOUT, "no answer within 10 s")}


def test_memory_that_a_tracker_may_not_take(given_time: dict[str, list[Failure]]) -> None:
    failures = given_time["eatsmemory"]
    assert [failure.sequence for failure in failures] == SECOND_OF_EACH
    assert {failure.kind for failure in failures} == {FailureKind.MEMORY}
    assert all("Memory" in f.message or "the limit is 400 MiB" in f.message for f in failures)


@pytest.mark.parametrize("tracker", OUT_OF_MEMORY)
def test_memory_that_is_wanting_is_a_matter_of_memory_however_it_is_said(
    given_time: dict[str, list[Failure]], tracker: str
) -> None:
    failures = given_time[tracker]
    assert [failure.sequence for failure in failures] == SECOND_OF_EACH
    assert {failure.kind for failure in failures} == {FailureKind.MEMORY}


def test_too_little_memory_to_be_built_in_is_a_matter_of_memory(run_tiny: RunTiny) -> None:
    options: dict[str, Any] = {"datasets": ["tiny"], "timeout": 30.0, "jobs": 1}
    (none,) = run_tiny("wrong.py", ["right"], memory=1, **options).runs
    assert {failure.kind for failure in none.record.failures} == {FailureKind.MEMORY}
    (enough,) = run_tiny("wrong.py", ["right"], memory=1 << 30, **options).runs
    assert not enough.record.failures


def test_an_answer_for_want_of_memory_is_not_the_one_that_comes_with_more(
    run_tiny: RunTiny, boxes_of: BoxesOf
) -> None:
    options: dict[str, Any] = {"datasets": ["tiny"], "timeout": 30.0, "sequences": 2}
    poor = run_tiny("wrong.py", ["fallsback"], memory=200 << 20, **options)
    other = boxes_of(poor)["fallsback", KEY]  # before they are replaced
    said = str(poor)
    rich = run_tiny("wrong.py", ["fallsback"], **options)
    assert not any(run.record.failures for run in (*poor.runs, *rich.runs))
    assert "it might take 200 MiB beyond what it imports" in said
    assert "it might take" not in str(rich)
    right = boxes_of(run_tiny("wrong.py", ["right"], **options))["right", KEY]
    np.testing.assert_array_equal(boxes_of(rich)["fallsback", KEY], right)
    assert (other != right).any()


@pytest.mark.parametrize("tracker", TOO_LARGE_CHILDREN)
def test_memory_of_its_children_is_its_memory(
    given_time: dict[str, list[Failure]], tracker: str
) -> None:
    failures = given_time[tracker]
    assert [failure.sequence for failure in failures] == SECOND_OF_EACH
    assert {failure.kind for failure in failures} == {FailureKind.MEMORY}
    assert all("the limit is 400 MiB" in failure.message for failure in failures)


@pytest.mark.parametrize("tracker", ["forks", "daemon"])
def test_nothing_that_it_started_outlives_it(
    fail: Fail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tracker: str
) -> None:
    monkeypatch.setenv("TRACKBENCH_TEST", str(tmp_path))
    assert fail(tracker) == []
    assert marked(f"TRACKBENCH_TEST={tmp_path}") == []
    if tracker == "daemon":
        daemons = [int(mark.read_text()) for mark in tmp_path.glob("daemon-*")]
        assert len(daemons) == 9
        for daemon in daemons:
            with pytest.raises(ProcessLookupError):
                os.kill(daemon, 0)


WANTS_MEMORY = """
class Wants:
    def __init__(self):
        raise MemoryError

    def init(self, frame, box): ...

    def update(self, frame): ...
"""


def test_an_error_for_want_of_memory_in_building_is_a_matter_of_memory(
    tmp_path: Path, run_tiny: RunTiny
) -> None:
    """Where there is a limit; without one it is the machine's, and the run is refused."""
    plugin = tmp_path / "wants.py"
    plugin.write_text(WANTS_MEMORY)
    (run,) = run_tiny(plugin, ["wants"], datasets=["tiny"], memory=1 << 30).runs
    assert {failure.kind for failure in run.record.failures} == {FailureKind.MEMORY}
    with pytest.raises(TrackbenchError, match="wants cannot be built: MemoryError"):
        run_tiny(plugin, ["wants"], out="unlimited", datasets=["tiny"])
