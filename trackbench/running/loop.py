"""A plan carried out: what is not stored yet is run, and stored chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.planning import Plan
from trackbench.records import DatasetRecord, RunRecord
from trackbench.running.host_process import Limits
from trackbench.running.messages import Described, Made, Order, Spoiled, Task, Tried
from trackbench.running.pool import Pool
from trackbench.running.preload import packages_imported_by
from trackbench.running.recipe import Recipe, recipe_of
from trackbench.store import Store
from trackbench.work import Outcome, Unit


@dataclass(frozen=True)
class Settings:
    """How a plan is carried out; none of it changes a number.

    Attributes:
        jobs: makers.
        limits: what one tracker may take.
        retry_failed: run again what failed for reasons of time, memory, or from outside.
        fresh: forget what is stored of the plan's runs.
    """

    jobs: int
    limits: Limits
    retry_failed: bool = False
    fresh: bool = False


def execute_plan(
    plan: Plan,
    settings: Settings,
    progress: Callable[[int, int], None],
    show_output: Callable[[str, bytes], None] | None = None,
) -> None:
    """Run what is not stored yet.

    Args:
        plan: what to run on what.
        settings: how.
        progress: called several times a second with frames tracked, and to be tracked.
        show_output: is told what trackers print.

    Raises:
        TrackbenchError: a tracker or a data set cannot be made; what is stored stays.
    """
    store = Store(plan.out)
    store.check_writable()
    orders = _Orders(settings.limits)
    total = 0
    with ExitStack() as stack:
        pool = stack.enter_context(
            Pool(settings.jobs, lambda frames: progress(frames, total), show_output)
        )
        described = {
            spec.id: store.agree_on(record) for spec, record in orders.describe(pool, plan)
        }
        new = [
            RunRecord.of(tracker, described[spec.id], plan.protocol.value, spec.chunk)
            for tracker in plan.trackers
            for spec in plan.datasets
        ]
        runs = {(run.tracker, run.dataset): run for run in store.resume(new, fresh=settings.fresh)}
        units = [
            unit
            for tracker in plan.trackers
            for spec in plan.datasets
            for unit in _units(tracker, spec, runs[tracker.id, spec.id])
        ]
        total = sum(unit.frames for unit in units)
        orders.try_out(pool, list(dict.fromkeys(unit.tracker.id for unit in units)), units)
        begun: set[tuple[str, str]] = set()
        by_order = {orders.track(unit): unit for unit in units}
        for order, made in pool.work(by_order):
            unit = by_order[order]
            key = unit.tracker.id, unit.dataset.id
            if key not in begun:
                stack.enter_context(store.writing(runs[key], described[key[1]]))
                store.begin(runs[key])
                begun.add(key)
            assert isinstance(made, Made)  # noqa: S101 - as was ordered
            runs[key] = store.add(runs[key], outcome_of(unit, made, settings.limits))
    for record in described.values():
        store.note(record)  # all may have been stored before, and only a length be new


class _Orders:
    """Makes orders of units: each tracker and data set is described to other processes once."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._trackers: dict[str, tuple[Recipe, tuple[str, ...]]] = {}
        self._datasets: dict[str, Recipe] = {}
        self._spoiled: dict[str, Spoiled] = {}

    def try_out(self, pool: Pool, names: list[str], units: list[Unit]) -> None:
        """Build each tracker once, before anything is written.

        Raises:
            TrackbenchError: one refuses to be built. One whose process ends over it does not stop
                the others: its sequences fail.
        """
        specs = {unit.tracker.id: unit.tracker for unit in units}
        for order, answer in pool.work([self._trial(specs[name]) for name in names]):
            if isinstance(answer, Tried) and answer.spoiled is not None:
                self._spoiled[order.tracker] = answer.spoiled

    def describe(self, pool: Pool, plan: Plan) -> list[tuple[DatasetSpec, DatasetRecord]]:
        """Return the records of a plan's data sets; their samples are made for it.

        Raises:
            TrackbenchError: one cannot be made, or this machine makes other data than the
                published.
        """
        orders = {
            Order(
                task=Task.DESCRIBE,
                dataset=spec.id,
                dataset_recipe=self._dataset(spec),
            ): (position, spec)
            for position, spec in enumerate(plan.datasets)
        }
        records = {}
        for order, answer in pool.work(orders):
            assert isinstance(answer, Described)  # noqa: S101 - as was ordered
            position, spec = orders[order]
            count = spec.sequences if plan.sequences is None else plan.sequences
            records[position] = (
                spec,
                DatasetRecord.of(
                    spec, answer.fingerprint, count, answer.frame, plan.lengths_of(spec), position
                ),
            )
        return [records[position] for position in sorted(records)]

    def track(self, unit: Unit) -> Order:
        """Return the order to track a unit."""
        recipe, preload = self._tracker(unit.tracker)
        return Order(
            task=Task.TRACK,
            dataset=unit.dataset.id,
            dataset_recipe=self._dataset(unit.dataset),
            start=unit.start,
            stop=unit.stop,
            length=unit.length,
            tracker=unit.tracker.id,
            tracker_recipe=recipe,
            preload=preload,
            batched=unit.tracker.batched,
            limits=self._limits,
            spoiled=self._spoiled.get(unit.tracker.id),
        )

    def _trial(self, spec: TrackerSpec) -> Order:
        recipe, preload = self._tracker(spec)
        return Order(
            task=Task.TRY,
            tracker=spec.id,
            tracker_recipe=recipe,
            preload=preload,
            stop=1,
            length=1,
            limits=self._limits,
        )

    def _dataset(self, spec: DatasetSpec) -> Recipe:
        if spec.id not in self._datasets:
            self._datasets[spec.id] = recipe_of(spec, spec.id)
        return self._datasets[spec.id]

    def _tracker(self, spec: TrackerSpec) -> tuple[Recipe, tuple[str, ...]]:
        if spec.id not in self._trackers:
            recipe = recipe_of((spec.factory, dict(spec.parameters)), spec.id)
            self._trackers[spec.id] = recipe, packages_imported_by(spec.factory)
        return self._trackers[spec.id]


def _units(tracker: TrackerSpec, dataset: DatasetSpec, run: RunRecord) -> list[Unit]:
    starts = range(0, run.sequences, run.chunk)
    return [
        Unit(
            tracker=tracker,
            dataset=dataset,
            chunk=number,
            start=start,
            stop=min(start + run.chunk, run.sequences),
            length=run.length,
        )
        for number, start in enumerate(starts)
        if number not in run.chunks
    ]


def outcome_of(unit: Unit, made: Made, limits: Limits) -> Outcome:
    """Return what is stored of a unit that a maker has made and had tracked."""
    return Outcome(
        unit=unit,
        boxes=made.boxes,
        iou=made.iou,
        truth=made.truth,
        seconds=made.seconds,
        frames=made.frames,
        failures=made.failures,
        peak_memory=made.peak_memory,
        timeout=limits.timeout,
        memory=limits.memory,
    )
