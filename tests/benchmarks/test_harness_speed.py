"""What the harness costs a frame (loop, handing over, scoring, storing), and what a host costs."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from trackbench import tracker_elsewhere
from trackbench.contracts import DatasetSpec, TrackerSpec, Video
from trackbench.plugins import registry
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.results.chunks import Unit
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.run_record import RunRecord
from trackbench.results.writer import Store
from trackbench.running.limits import Limits
from trackbench.running.loop import outcome_of
from trackbench.running.messages import Made, Order, Task
from trackbench.running.preload import packages_imported_by
from trackbench.running.recipe import recipe_elsewhere, recipe_of
from trackbench.running.servers import Servers
from trackbench.running.trial import try_tracker
from trackbench.running.unit import track_unit
from trackbench.running.videos import Videos

SEQUENCES = 50
LENGTH = 160
FRAMES = SEQUENCES * LENGTH
ROUNDS = 7
MICROSECONDS_A_FRAME = 40
MICROSECONDS_OF_ANOTHER_INTERPRETER = 5
HOST_MILLISECONDS = {"static": 30, "rectracker-att1": 250}


class InMemory:
    """A data set that is made before anything is timed."""

    def __init__(self) -> None:
        made = registry.build_dataset(registry.datasets().get("mnist-multi-same"))
        self.spec = DatasetSpec(
            id="in-memory-v1", factory=InMemory, seed=0, sequences=SEQUENCES, length=LENGTH
        )
        self._sequences = [made.sequence(index) for index in range(SEQUENCES)]

    def sequence(self, index: int, length: int | None = None) -> Video:
        assert length == LENGTH
        return self._sequences[index]


@pytest.fixture
def servers() -> Iterator[Servers]:
    started = Servers()
    yield started
    started.close()


def order_for(tracker: TrackerSpec, task: Task) -> Order:
    factory, parameters = tracker.factory, dict(tracker.parameters)
    return Order(
        task=task,
        dataset="in-memory-v1",
        stop=SEQUENCES if task is Task.TRACK else 1,
        length=LENGTH,
        tracker=tracker.id,
        tracker_recipe=(
            recipe_elsewhere(factory, parameters, tracker.id)
            if isinstance(factory, Elsewhere)
            else recipe_of((factory, parameters), tracker.id)
        ),
        preload=packages_imported_by(tracker.factory),
        batched=tracker.batched,
        limits=Limits(60.0),
    )


@pytest.mark.benchmark(group="harness")
def test_what_the_harness_costs_a_frame(
    benchmark: BenchmarkFixture, tmp_path: Path, servers: Servers
) -> None:
    """A unit from its videos to its stored parts, by the clock, but for videos and tracker."""
    dataset = InMemory()
    tracker = registry.trackers().get("static")
    unit = Unit(tracker, dataset.spec, chunk=0, start=0, stop=SEQUENCES, length=LENGTH)
    what = DatasetRecord.of(dataset.spec, "0" * 64, SEQUENCES, (100, 100), (LENGTH,), 0)
    run = RunRecord.of(tracker, what, "paper-v1", SEQUENCES)
    order = order_for(tracker, Task.TRACK)
    results = iter(range(ROUNDS + 1))
    costs: list[float] = []

    def unit_of_work() -> Made:
        store = Store(tmp_path / str(next(results)))
        begun = time.perf_counter()
        videos = Videos(dataset, order)
        made = track_unit(order, videos, servers, lambda *_: None)
        with store.writing(run, what) as writing:
            store.add(writing, outcome_of(unit, made, order.limits))
        costs.append(1e6 * (time.perf_counter() - begun - made.seconds) / FRAMES)
        return made

    made = benchmark.pedantic(unit_of_work, rounds=ROUNDS, warmup_rounds=1)
    assert (made.frames, made.failures) == (FRAMES, ())
    cost = min(costs)
    benchmark.extra_info["microseconds a frame"] = cost
    print(  # noqa: T201 - a benchmark is run to read its figures
        f"\nthe harness: {cost:.1f} microseconds a frame by the clock, a host's start, scoring and "
        f"storing included; the static tracker {1e6 * made.seconds / FRAMES:.1f}"
    )
    assert cost < MICROSECONDS_A_FRAME


@pytest.mark.benchmark(group="harness")
@pytest.mark.parametrize("name", ["static", "kcf", "rectracker-att1"])
def test_what_a_host_costs(benchmark: BenchmarkFixture, servers: Servers, name: str) -> None:
    """A host from its fork through the building of its tracker to its end."""
    order = order_for(registry.trackers().get(name), Task.TRY)
    begun = time.perf_counter()
    try_tracker(order, servers, lambda *_: None)
    first = time.perf_counter() - begun
    benchmark.pedantic(try_tracker, (order, servers, lambda *_: None), rounds=20)
    milliseconds = 1e3 * float(np.median(benchmark.stats.stats.data))
    benchmark.extra_info["milliseconds"] = milliseconds
    print(  # noqa: T201 - as above
        f"\na host of {name}: {milliseconds:.1f} ms; the first, with its server, {first:.2f} s"
    )
    assert milliseconds < HOST_MILLISECONDS.get(name, 100)


STILL = """
class Still:
    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return self.box
"""


@pytest.mark.benchmark(group="harness")
def test_what_another_interpreter_costs_a_frame(
    benchmark: BenchmarkFixture, tmp_path: Path, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same tracker in hosts of ours, and of an environment of its own, in turn."""
    (tmp_path / "still_tracker.py").write_text(STILL)
    monkeypatch.syspath_prepend(str(tmp_path))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    (site,) = (tmp_path / "env" / "lib").glob("*/site-packages")
    (site / "numpy").symlink_to(Path(np.__file__).parent)
    (site / "numpy.libs").symlink_to(Path(np.__file__).parents[1] / "numpy.libs")
    ours = TrackerSpec(id="still-v1", factory="still_tracker:Still")
    monkeypatch.chdir(tmp_path)
    found = tracker_elsewhere("still_tracker:Still", tmp_path / "env" / "bin" / "python")
    theirs = replace(found, id="still-elsewhere-v1")
    orders = [order_for(ours, Task.TRACK), order_for(theirs, Task.TRACK)]
    dataset = InMemory()
    seconds: dict[str, list[float]] = {order.tracker: [] for order in orders}

    def in_turn() -> None:
        for order in orders:
            videos = Videos(dataset, order)
            begun = time.perf_counter()
            made = track_unit(order, videos, servers, lambda *_: None)
            seconds[order.tracker].append(time.perf_counter() - begun)
            assert (made.frames, made.failures) == (FRAMES, ())

    benchmark.pedantic(in_turn, rounds=ROUNDS, warmup_rounds=1)
    own, other = (1e6 * float(np.median(each[1:])) / FRAMES for each in seconds.values())
    benchmark.extra_info["microseconds a frame more"] = other - own
    print(  # noqa: T201 - as above
        f"\nanother interpreter: {other - own:+.1f} microseconds a frame by the clock, beside "
        f"{own:.1f} of a host of ours"
    )
    assert other - own < MICROSECONDS_OF_ANOTHER_INTERPRETER
