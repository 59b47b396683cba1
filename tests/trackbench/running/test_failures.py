"""A tracker that raises, hangs, dies or talks nonsense spoils its own sequence and no other."""

from pathlib import Path

import numpy as np
import pytest

import trackbench
from trackbench.plugins import registry
from trackbench.plugins.loading import load_plugin
from trackbench.results.chunks import FailureKind
from trackbench.results.directory import Results
from trackbench.results.run import Run

PLUGIN = Path(__file__).parents[2] / "plugins" / "misbehaving.py"
SEQUENCES, LENGTH = 24, 10
WAYS = ("raise", "die", "hang", "nonsense", "nan", "exit", "behave", "fail-in-init")
KINDS = {
    "raise": FailureKind.RAISED,
    "die": FailureKind.KILLED,  # by SIGKILL, as from outside: it was tried twice
    "hang": FailureKind.TIMEOUT,
    "nonsense": FailureKind.RAISED,
    "exit": FailureKind.RAISED,  # by sys.exit, which raises
    "fail-in-init": FailureKind.RAISED,
}


def first_sums() -> list[int]:
    spec = registry.datasets().get("mnist-single-same-v1")
    dataset = registry.build_dataset(spec)
    return [int(dataset.sequence(i, 1).frames[0].sum()) for i in range(SEQUENCES)]


def run(tracker: str, out: Path, sequences: int = SEQUENCES) -> Results:
    load_plugin(PLUGIN)
    return trackbench.run(
        tracker,
        datasets=["mnist-single-same"],
        sequences=sequences,
        lengths=[LENGTH],
        out=out,
        timeout=1.0,
        jobs=2,
    )


def only(results: Results) -> Run:
    (found,) = results.runs
    return found


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return only(run("still", tmp_path_factory.mktemp("still") / "r"))


@pytest.fixture(scope="module")
def misbehaving(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return only(run("misbehaving", tmp_path_factory.mktemp("bad") / "r"))


def test_the_sample_holds_every_way_to_fail() -> None:
    assert {WAYS[s % len(WAYS)] for s in first_sums()} == set(WAYS)


@pytest.mark.thorough
def test_each_failure_is_kept_with_its_kind_and_frame(misbehaving: Run) -> None:
    ways = [WAYS[s % len(WAYS)] for s in first_sums()]
    expected = {
        index: (KINDS[way], 0 if way == "fail-in-init" else 5)
        for index, way in enumerate(ways)
        if way in KINDS
    }
    found = {f.sequence: (f.kind, f.frame) for f in misbehaving.record.failures}
    assert found == expected


@pytest.mark.thorough
def test_a_failure_spoils_its_own_sequence_from_its_frame_on(misbehaving: Run, still: Run) -> None:
    for index, total in enumerate(first_sums()):
        way = WAYS[total % len(WAYS)]
        good = {"behave": LENGTH, "fail-in-init": 0}.get(way, 5)
        expected = np.where(np.arange(LENGTH) < good, still.iou[index], 0.0)
        assert misbehaving.iou[index].tolist() == expected.tolist(), way


def test_invalid_boxes_are_counted_and_are_no_failure(misbehaving: Run) -> None:
    nan = sum(WAYS[s % len(WAYS)] == "nan" for s in first_sums())
    assert misbehaving.invalid == nan * (LENGTH - 5)


def test_tracebacks_and_messages_are_kept_in_one_line(misbehaving: Run) -> None:
    raised = [f for f in misbehaving.record.failures if "lost" in f.message]
    assert raised
    assert all(f.message == "ValueError: lost | in" for f in raised)
    assert all("in update" in f.traceback for f in raised)
    killed = [f for f in misbehaving.record.failures if f.kind is FailureKind.KILLED]
    twice = "its process was ended by signal 9 (SIGKILL), and again when it was repeated"
    assert all(f.message.startswith(twice) for f in killed)
    exited = [f for f in misbehaving.record.failures if "Exit" in f.message]
    assert {f.message for f in exited} == {"SystemExit: 7"}
    assert all("in update" in f.traceback for f in exited)
    hung = [f for f in misbehaving.record.failures if f.kind is FailureKind.TIMEOUT]
    assert {f.message for f in hung} == {"no answer within 1 s"}


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("tracker", "kind"), [("bad-batch", FailureKind.RAISED), ("dying-batch", FailureKind.KILLED)]
)
def test_in_a_batch_only_the_culprits_are_spoiled(
    tracker: str, kind: FailureKind, still: Run, tmp_path: Path
) -> None:
    found = only(run(tracker, tmp_path / "r"))
    even = {index for index, total in enumerate(first_sums()) if total % 2 == 0}
    assert {f.sequence for f in found.record.failures} == even
    assert {(f.kind, f.frame) for f in found.record.failures} == {(kind, 5)}
    for index in range(SEQUENCES):
        good = 5 if index in even else LENGTH
        assert found.iou[index, :good].tolist() == still.iou[index, :good].tolist()
        assert not found.iou[index, good:].any()
