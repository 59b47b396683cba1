"""What the harness costs a frame: the loop, scoring and storing, without videos and tracker."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from trackbench import registry
from trackbench.contracts import DatasetSpec, Sequence, TrackerSpec
from trackbench.records import DatasetRecord, RunRecord
from trackbench.scratch import Scratch
from trackbench.store import Store
from trackbench.trackers.static import StaticTracker
from trackbench.work import Attempt, Unit
from trackbench.worker import perform

SEQUENCES = 50
LENGTH = 160
FRAMES = SEQUENCES * LENGTH
ROUNDS = 7
MICROSECONDS_A_FRAME = 20


class InMemory:
    """A data set that is made before anything is timed."""

    def __init__(self) -> None:
        made = registry.build_dataset(registry.datasets().get("mnist-multi-same"))
        self.spec = DatasetSpec(
            id="in-memory-v1",
            factory=InMemory,
            seed=0,
            sequences=SEQUENCES,
            length=LENGTH,
            chunk=SEQUENCES,
        )
        self._sequences = [made.sequence(index) for index in range(SEQUENCES)]

    def sequence(self, index: int, length: int | None = None) -> Sequence:
        assert length == LENGTH
        return self._sequences[index]


@pytest.mark.benchmark(group="harness", timer=time.process_time)
def test_harness_costs_under_20_microseconds_a_frame(
    benchmark: BenchmarkFixture, tmp_path: Path
) -> None:
    """All of a chunk but videos and tracker, in processor seconds; with waiting, too, printed."""
    dataset = InMemory()
    tracker = TrackerSpec(id="static", factory=StaticTracker)
    unit = Unit(tracker, dataset.spec, chunk=0, start=0, stop=SEQUENCES, length=LENGTH)
    what = DatasetRecord.of(dataset.spec, "0" * 64, SEQUENCES, (100, 100), (LENGTH,), 0)
    run = RunRecord.of(tracker, what, "paper-v1", SEQUENCES)
    scratch_path = tmp_path / "scratch"
    results = iter(range(ROUNDS + 1))
    tracker_seconds: list[float] = []
    wall_seconds: list[float] = []
    failures: list[object] = []

    def prepare() -> tuple[tuple[Store, RunRecord], dict[str, object]]:
        tracker_seconds.append(seconds_in_tracker(dataset))
        Scratch(scratch_path, SEQUENCES, LENGTH, create=True)
        store = Store(tmp_path / str(next(results)))
        begun = locks.enter_context(store.writing(run, what))
        return (store, begun), {}

    def chunk(store: Store, run: RunRecord) -> RunRecord:
        begun = time.perf_counter()
        built = {dataset.spec.id: dataset}
        outcome = perform(Attempt(unit), scratch_path, built, failures.append)
        added = store.add(run, outcome)
        wall_seconds.append(time.perf_counter() - begun)
        return added

    with ExitStack() as locks:
        stored = benchmark.pedantic(chunk, setup=prepare, rounds=ROUNDS, warmup_rounds=1)

    assert (stored.frames, failures) == (FRAMES, [])
    tracker_cost = 1e6 * min(tracker_seconds) / FRAMES
    cost = 1e6 * benchmark.stats.stats.min / FRAMES - tracker_cost
    wall = 1e6 * min(wall_seconds) / FRAMES - tracker_cost
    benchmark.extra_info |= {"microseconds a frame": cost, "by the clock": wall}
    print(  # noqa: T201 - a benchmark is run to read its figures
        f"\nthe harness: {cost:.1f} microseconds of processor time a frame, {wall:.1f} by the "
        f"clock; the static tracker {tracker_cost:.1f}"
    )
    assert cost < MICROSECONDS_A_FRAME


def seconds_in_tracker(dataset: InMemory) -> float:
    """Return what the same calls of the tracker take without a harness around them."""
    tracker = StaticTracker()
    begun = time.process_time()
    for index in range(SEQUENCES):
        sequence = dataset.sequence(index, LENGTH)
        tracker.init(sequence.frames[0], sequence.boxes[0])
        for frame in sequence.frames[1:]:
            tracker.update(frame)
    return time.process_time() - begun
