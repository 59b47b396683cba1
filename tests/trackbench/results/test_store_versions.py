"""What is stored is kept beside: versions of a tracker, chunks run again, processes at once."""

import json
import multiprocessing
import os
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trackbench.errors import IncompatibleResultsError, TrackbenchError
from trackbench.results import machine
from trackbench.results.chunks import Failure, FailureKind
from trackbench.results.directory import Results
from trackbench.results.places import run_place

Kit = Any
LIMITS = {"retry_failed": False, "timeout": 60.0, "memory": None}


def mean(results: Results, tracker: str = "a") -> float:
    (cell,) = (cell for cell in results.cells() if cell.tracker == tracker)
    return cell.mean


def test_the_version_that_was_asked_for_last_is_shown_and_the_others_named(kit: Kit) -> None:
    old, new = kit.run(version=1), kit.run(version=2)
    kit.put(old, shift=0.0)
    assert mean(Results.load(kit.path)) == 1.0
    kit.put(new, shift=10.0)
    shown = Results.load(kit.path)
    assert mean(shown) < 0.8
    assert [older.fingerprint for older in shown.older] == [old.fingerprint]
    kit.store.asked(old)  # the edit was taken back: all is stored, and nothing is run
    shown = Results.load(kit.path)
    assert mean(shown) == 1.0
    assert [older.fingerprint for older in shown.older] == [new.fingerprint]
    assert mean(Results.load(kit.path, fingerprints={"a": new.fingerprint})) < 0.8


def test_the_versions_of_a_tracker_that_was_edited_often_have_one_line(kit: Kit) -> None:
    versions = [kit.run(version=number) for number in range(1, 6)]
    for number, version in enumerate(versions, 1):
        kit.put(version, shift=float(number))
        said = Results.load(kit.path).left_out
        assert len(said) == {1: 0, 2: 1, 3: 2}.get(number, 1)
    before = versions[-2].fingerprint[:12]
    assert said[0].startswith(
        f"a: 4 other versions are stored beside this, the last of them {before}, "
    )
    assert said[0].endswith("; not shown")


def test_a_clock_that_was_set_back_makes_no_version_older(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.put(kit.run(version=1), shift=0.0)

    class Back(machine.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return machine.datetime(2001, 1, 1, tzinfo=tz)

    monkeypatch.setattr(machine, "datetime", Back)
    kit.put(kit.run(version=2), shift=10.0)
    assert mean(Results.load(kit.path)) < 0.8


def test_an_unfinished_newer_version_hides_the_older_which_is_no_longer_this_tracker(
    kit: Kit,
) -> None:
    kit.put(kit.run(version=1))
    kit.put(kit.run("b"))
    kit.put(kit.run(version=2), [0])
    shown = Results.load(kit.path)
    assert shown.trackers == ["b"]
    assert [record.parameters for record in shown.incomplete] == [{"version": 2}]
    assert len(shown.older) == 1
    with pytest.raises(TrackbenchError, match="holds only unfinished runs"):
        Results.load(kit.path, trackers=["a"])


def test_fresh_forgets_all_versions_on_this_data_set_alone(kit: Kit) -> None:
    for version in (1, 2):
        for name in ("d-v1", "e-v1"):
            kit.put(kit.run(version=version, name=name))
    kit.put(kit.run(version=3), fresh=True)
    found = Results.load(kit.path)
    assert [run.record.parameters["version"] for run in found.runs] == [3]
    assert [older.datasets for older in found.older] == [("e-v1",), ("e-v1",)]
    assert len(list((kit.path / "runs/a/d-v1/paper-v1").glob("*/record.json"))) == 1


def test_the_same_run_twice_at_once_is_refused_and_others_are_not(kit: Kit) -> None:
    store, run = kit.store, kit.run()
    with store.writing(run, kit.dataset()):
        with (
            pytest.raises(TrackbenchError, match=rf"writing to .*{run.fingerprint[:16]}"),
            kit.store.writing(run, kit.dataset()),
        ):
            pass
        kit.put(kit.run(version=2))
        kit.put(kit.run("b"))
        kit.put(kit.run(name="e-v1"))
        with (
            pytest.raises(TrackbenchError, match="another run is writing to"),
            kit.store.writing(kit.run(version=3), kit.dataset(), fresh=True),
        ):
            pass


def test_what_another_run_stored_meanwhile_is_found_under_the_lock(kit: Kit) -> None:
    run = kit.run()
    kit.put(run, [0, 2])
    with kit.store.writing(run, kit.dataset()) as begun:
        assert sorted(begun.chunks) == [0, 2]
        assert begun.chunks_to_run(**LIMITS) == [1]


def test_lengths_that_others_noted_meanwhile_are_kept(kit: Kit) -> None:
    first, second = kit.store, kit.store
    agreed = [first.agree_on(kit.dataset(lengths=(1, 4))), second.agree_on(kit.dataset())]
    first.note(agreed[0])
    second.note(agreed[1])
    second.note(kit.dataset(lengths=(2, 4)))
    with first.writing(kit.run(), kit.dataset(lengths=(3, 4))):
        pass
    content = json.loads((kit.path / "datasets/d-v1/record.json").read_text())
    assert content["lengths"] == [1, 2, 3, 4]


def _store_all(kit: Kit, tracker: str, name: str, gate: Any) -> None:
    gate.wait()
    kit.put(kit.run(tracker, name=name))


def test_processes_on_one_directory_lose_nothing(kit: Kit) -> None:
    """Nine runs begin in the same moment: three trackers, three data sets."""
    context = multiprocessing.get_context("fork")
    pairs = [(tracker, name) for tracker in "abc" for name in ("d-v1", "e-v1", "f-v1")]
    gate = context.Barrier(len(pairs))
    workers = [
        context.Process(target=_store_all, args=(kit, tracker, name, gate))
        for tracker, name in pairs
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 9
    results = Results.load(kit.path)
    assert len(results.runs) == 9
    assert not results.incomplete
    assert len(results.cells()) == 9
    for name in ("d-v1", "e-v1", "f-v1"):
        assert sorted(results.datasets[name].parts) == [0, 1, 2]


FAILURES = (
    Failure(0, 1, FailureKind.TIMEOUT, "no answer within 1 s"),
    Failure(2, 1, FailureKind.MEMORY, "needed more"),
    Failure(4, 1, FailureKind.RAISED, "ValueError"),
)


def failing(kit: Kit) -> Any:
    """Store a run whose chunks 0, 1, 2 failed for want of time, of memory, and by an error."""
    store, run = kit.store, kit.run()
    with store.writing(run, kit.dataset()) as begun:
        stored = begun
        for chunk, failure in enumerate(FAILURES):
            made = kit.outcome(chunk, failures=(failure,), timeout=1.0, memory=1000)
            stored = store.add(stored, made)
    return stored


@pytest.mark.parametrize(
    ("asked", "again"),
    [
        ({"retry_failed": False, "timeout": 1.0, "memory": 1000}, []),
        ({"retry_failed": True, "timeout": 1.0, "memory": 1000}, [0, 1]),
        ({"retry_failed": False, "timeout": 2.0, "memory": 1000}, [0]),
        ({"retry_failed": False, "timeout": 0.5, "memory": 500}, []),
        # An error, or a hang, may be what want of memory came to.
        ({"retry_failed": False, "timeout": 1.0, "memory": 1001}, [0, 1, 2]),
        ({"retry_failed": False, "timeout": 1.0, "memory": None}, [0, 1, 2]),
    ],
)
def test_what_failed_for_want_of_something_is_run_again_when_there_is_more(
    kit: Kit, asked: dict[str, Any], again: list[int]
) -> None:
    assert failing(kit).chunks_to_run(**asked) == again


@pytest.mark.parametrize(("memory", "again"), [(999, []), (1000, []), (1001, [0]), (None, [0])])
def test_what_had_less_memory_is_run_again_though_it_did_not_fail(
    kit: Kit, memory: int | None, again: list[int]
) -> None:
    store, run = kit.store, kit.run()
    with store.writing(run, kit.dataset()) as begun:
        stored = begun
        for chunk, limit in enumerate((1000, None, None)):
            stored = store.add(stored, kit.outcome(chunk, memory=limit))
    assert stored.memory_limit == 1000
    assert stored.chunks_to_run(retry_failed=False, timeout=1.0, memory=memory) == again


def test_a_chunk_run_again_replaces_itself_and_its_failures(kit: Kit) -> None:
    stored = failing(kit)
    store = kit.store
    with store.writing(stored, kit.dataset()) as begun:
        after = store.add(begun, kit.outcome(0, shift=5.0))
    assert [failure.sequence for failure in after.failures] == [2, 4]
    assert after.chunks[0].sha256 != stored.chunks[0].sha256
    (run,) = Results.load(kit.path).runs
    assert run.record == after
    assert run.iou[0, 0] == pytest.approx(45 / 55)
    names = sorted(path.name for path in run.folder.iterdir())
    assert names == [".lock", *(f"part-0000{n}.parquet" for n in range(3)), "record.json"]


@pytest.mark.parametrize("when", range(12))
def test_killed_while_a_chunk_is_replaced_one_of_the_two_is_there_whole(
    kit: Kit, when: int
) -> None:
    """The process ends at every step that changes a file: nothing in between is ever read."""
    before = kit.put(kit.run(), shift=1.0)
    child = os.fork()
    if child == 0:
        _die_after(when)
        store = kit.store
        with store.writing(before, kit.dataset()) as begun:
            store.add(begun, kit.outcome(1, shift=5.0))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in {0, 9}
    (run,) = Results.load(kit.path).runs
    shifts = {"old": 49 / 51, "new": 45 / 55}
    state = "old" if run.record.chunks[1].sha256 == before.chunks[1].sha256 else "new"
    assert run.iou[2, 0] == pytest.approx(shifts[state])
    assert run.iou[0, 0] == pytest.approx(shifts["old"])
    kit.put(kit.run(), [])  # the next run clears what was left
    names = sorted(path.name for path in run_place(kit.path, before).folder.iterdir())
    assert names == [".lock", *(f"part-0000{n}.parquet" for n in range(3)), "record.json"]
    assert Results.load(kit.path).runs[0].iou[2, 0] == pytest.approx(shifts[state])


def _die_after(steps: int) -> None:
    """End this process at the n-th time that a file takes its place or goes."""
    left = [steps]

    def counted(change: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if left[0] == 0:
                os._exit(9)
            left[0] -= 1
            return change(*arguments, **options)

        return call

    Path.replace = counted(Path.replace)  # type: ignore[method-assign]  # in a process of its own
    Path.unlink = counted(Path.unlink)  # type: ignore[method-assign]


def test_another_choice_is_refused_and_replaced_when_fresh(kit: Kit) -> None:
    kit.put(kit.run())
    kit.put(kit.run("b"))
    other = replace(kit, sizes=kit.sizes[:3])
    with pytest.raises(IncompatibleResultsError, match="holds 5 sequences of 4 frames of d-v1"):
        other.store.agree_on(other.dataset())
    assert other.store.agree_on(other.dataset(), fresh=True).sequences == 3
    other.put(other.run(), fresh=True)
    assert len(Results.load(kit.path, trackers=["a"]).runs[0].iou) == 3
    with pytest.raises(IncompatibleResultsError, match=r"holds 5 sequences .* fresh=True"):
        Results.load(kit.path)
    with pytest.raises(IncompatibleResultsError, match=r"holds 5 sequences .* fresh=True"):
        other.store.stored(other.run("b"))


def test_a_choice_that_was_replaced_meanwhile_is_noticed(kit: Kit) -> None:
    store, other = kit.store, replace(kit, sizes=kit.sizes[:3])
    with store.writing(kit.run(), kit.dataset()) as begun:
        store.add(begun, kit.outcome(0))
        other.put(other.run("b"), fresh=True)
        with pytest.raises(IncompatibleResultsError, match="another run has replaced d-v1"):
            store.add(begun, kit.outcome(1))


@pytest.mark.thorough
def test_failures_that_print_much_leave_the_record_small(kit: Kit) -> None:
    many = replace(kit, sizes=((100, 100),) * 3000, chunk=3000, length=1)
    failures = tuple(
        Failure(n, 0, FailureKind.RAISED, "m" * 9999, "t" * 10**5, f"{'o' * 2**16}{n:05}")
        for n in range(3000)
    )
    store = many.store
    with store.writing(many.run(), many.dataset()) as begun:
        stored = store.add(begun, many.outcome(0, failures=failures))
    assert [len(failure.output) for failure in stored.failures[:22]] == [2**16] * 20 + [2**11] * 2
    assert stored.failures[25].output.endswith("o00025")
    folder = run_place(many.path, stored).folder
    assert (folder / "record.json").stat().st_size < 12 * 2**20
    assert many.store.stored(many.run()) == stored


def test_a_thread_that_stores_while_another_reads_shows_whole_numbers_only(kit: Kit) -> None:
    kit.put(kit.run(), shift=1.0)
    ended = threading.Event()

    def rewrite() -> None:
        store = kit.store
        with store.writing(kit.run(), kit.dataset()) as begun:
            stored = begun
            for turn in range(40):
                stored = store.add(stored, kit.outcome(1, shift=float(turn % 2)))
        ended.set()

    writer = threading.Thread(target=rewrite)
    writer.start()
    seen, refused = set(), set()
    while not ended.is_set():
        try:
            seen.add(round(float(Results.load(kit.path).runs[0].iou[2, 0]), 6))
        except TrackbenchError as error:  # it was replaced between the record and the part
            refused.add(str(error).partition(" ")[0].rpartition("/")[2])
    writer.join()
    assert seen <= {round(49 / 51, 6), 1.0}
    assert all(re.fullmatch(r"part-00001(-[0-9a-f]{16})?\.parquet", name) for name in refused)


def test_asking_for_a_run_that_another_is_adding_to_takes_nothing_away(kit: Kit) -> None:
    run = kit.put(kit.run())
    store = kit.store
    with store.writing(run, kit.dataset()) as begun:
        kit.store.asked(run)
        after = store.add(begun, kit.outcome(1, shift=5.0))
        kit.store.asked(run)
    assert kit.store.stored(run) == after


def test_a_fresh_run_that_is_refused_has_changed_nothing(kit: Kit) -> None:
    run = kit.put(kit.run())
    other = replace(kit, sizes=kit.sizes[:3])
    with (
        kit.store.writing(run, kit.dataset()),
        pytest.raises(TrackbenchError, match="another run is writing to"),
        other.store.writing(other.run(), other.dataset(), fresh=True),
    ):
        pass
    assert len(Results.load(kit.path).runs[0].iou) == 5


def test_what_cannot_be_hashed_is_never_found_again(kit: Kit) -> None:
    run = kit.run(unhashed="a is run anew each time: its lock")
    kit.put(run, shift=3.0)
    assert kit.store.stored(run) is None
    with kit.store.writing(run, kit.dataset()) as begun:
        assert begun.chunks == {}
