"""The orders that makers get; each tracker and data set is described to them once."""

from __future__ import annotations

from dataclasses import dataclass

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.factories import is_ours
from trackbench.plugins.hashing.source_hash import with_parameters_sha256
from trackbench.plugins.identity import is_plain
from trackbench.plugins.reads import Known
from trackbench.results.chunks import Unit
from trackbench.results.records import DatasetRecord
from trackbench.running.host_process import Limits
from trackbench.running.messages import (
    Brought,
    Described,
    Identify,
    Order,
    Spoiled,
    Task,
    Tried,
)
from trackbench.running.plan import Plan
from trackbench.running.pool import Pool
from trackbench.running.preload import packages_imported_by
from trackbench.running.recipe import Recipe, comes_by_name, recipe_elsewhere, recipe_of
from trackbench.running.versions import Versions


@dataclass(frozen=True)
class TriedOut:
    """What came of building trackers in hosts.

    Attributes:
        imported: of those whose source is not in a host what it is in this process, its hash there;
            None if it is another one each time that it is imported (a time, or a generator that
            begins anywhere, among what its modules hold).
        reads: of those that were seen to read what their hash does not stand for, notes of that.
    """

    imported: dict[str, str | None]
    reads: dict[str, tuple[str, ...]]


class Orders:
    """Makes orders."""

    def __init__(self, limits: Limits, versions: Versions, *, may_differ: bool = False) -> None:
        """Make orders for one run; ``may_differ``: as :attr:`Order.may_differ`."""
        self._limits, self._versions, self._may_differ = limits, versions, may_differ
        self._trackers: dict[str, tuple[Recipe, tuple[str, ...]]] = {}
        self._datasets: dict[str, Recipe] = {}
        self._spoiled: dict[str, Spoiled] = {}
        self._dataset_known: dict[str, Known | None] = {}
        self._tracker_known: dict[str, Known | None] = {}
        self._brought: tuple[Brought, ...] = ()

    def describe(
        self, pool: Pool, plan: Plan, warm: int
    ) -> list[tuple[DatasetSpec, DatasetRecord]]:
        """Return the records of a plan's data sets; their samples are made for it.

        Args:
            pool: who makes them.
            plan: of which data sets.
            warm: so many makers first start the server that the first tracker's hosts are forked
                from: importing torch takes longer than all the rest, and they do it side by side.

        Raises:
            TrackbenchError: one cannot be made, or this machine makes other data than the
                published.
        """
        self._dataset_known = {
            spec.id: self._versions.known_of_dataset(spec) for spec in plan.datasets
        }
        self._brought = self._bring(plan)
        orders = {
            Order(
                task=Task.DESCRIBE,
                dataset=spec.id,
                dataset_recipe=self._dataset(spec),
                dataset_known=self._dataset_known[spec.id],
                brought=self._brought,
            ): position
            for position, spec in enumerate(plan.datasets)
        }
        answers: dict[int, Described] = {}
        servers = [self._trial(plan.trackers[0], Task.WARM) for _ in range(warm)]
        for order, answer in pool.work([*servers, *orders]):
            if isinstance(answer, Described):
                answers[orders[order]] = answer
        for position, spec in enumerate(plan.datasets):
            self._versions.with_dataset_made(
                spec, answers[position].reads, answers[position].made_of
            )
            self._dataset_known[spec.id] = self._versions.known_of_dataset(spec)
        self._brought = self._bring(plan)
        return [
            (
                spec,
                DatasetRecord.of(
                    spec,
                    answers[position].fingerprint,
                    spec.sequences if plan.sequences is None else plan.sequences,
                    answers[position].frame,
                    plan.lengths_of(spec),
                    position,
                    self._versions.code_of_dataset(spec),
                ),
            )
            for position, spec in enumerate(plan.datasets)
        ]

    def try_out(self, pool: Pool, trackers: list[TrackerSpec]) -> TriedOut:
        """Build each tracker once, before anything is written.

        Raises:
            TrackbenchError: one refuses to be built. One whose process ends over it does not stop
                the others: its sequences fail.
        """
        first = self._tried(pool, trackers)
        self._spoiled = {name: tried.spoiled for name, tried in first.items() if tried.spoiled}
        others = [spec for spec in trackers if self._is_other(spec, first[spec.id].source_sha256)]
        second = self._tried(pool, others, seed=1)
        return TriedOut(
            {
                name: there if there == first[name].source_sha256 else None
                for name, there in ((spec.id, second[spec.id].source_sha256) for spec in others)
            },
            {name: tried.reads for name, tried in first.items() if tried.reads},
        )

    def _tried(self, pool: Pool, trackers: list[TrackerSpec], *, seed: int = 0) -> dict[str, Tried]:
        """Build each tracker; generators that a process shares begin elsewhere with each seed."""
        found = {}
        for order, answer in pool.work([self._trial(spec, seed=seed) for spec in trackers]):
            assert isinstance(answer, Tried)  # noqa: S101 - as was ordered
            found[order.tracker] = answer
        return found

    def track(self, unit: Unit) -> Order:
        """Return the order to have a unit tracked."""
        recipe, preload = self._tracker(unit.tracker)
        return Order(
            task=Task.TRACK,
            dataset=unit.dataset.id,
            dataset_recipe=self._dataset(unit.dataset),
            start=unit.start,
            stop=unit.stop,
            length=unit.length,
            tracker=unit.tracker.id,
            run=unit.run,
            tracker_recipe=recipe,
            preload=preload,
            batched=unit.tracker.batched,
            family=unit.tracker.family,
            limits=self._limits,
            may_differ=self._may_differ,
            spoiled=self._spoiled.get(unit.tracker.id),
            tracker_known=self._known(unit.tracker),
            dataset_known=self._dataset_known[unit.dataset.id],
            brought=self._brought,
        )

    def make(self, spec: DatasetSpec, record: DatasetRecord, chunk: int) -> Order:
        """Return the order to make the videos of a stored chunk again."""
        size = record.chunk or spec.chunk
        return Order(
            task=Task.MAKE,
            dataset=spec.id,
            dataset_recipe=self._dataset(spec),
            start=chunk * size,
            stop=min((chunk + 1) * size, record.sequences),
            length=record.length,
            dataset_known=self._dataset_known[spec.id],
            brought=self._brought,
        )

    def make_one(self, spec: DatasetSpec, index: int, length: int) -> Order:
        """Return the order to make one sequence, for its truth."""
        return Order(
            task=Task.MAKE,
            dataset=spec.id,
            dataset_recipe=self._dataset(spec),
            start=index,
            stop=index + 1,
            length=length,
            brought=self._brought,
        )

    def _trial(self, spec: TrackerSpec, task: Task = Task.TRY, *, seed: int = 0) -> Order:
        recipe, preload = self._tracker(spec)
        return Order(
            task=task,
            tracker=spec.id,
            tracker_recipe=recipe,
            preload=preload,
            family=spec.family,
            start=seed,  # generators are seeded by the unit's first sequence
            stop=seed + 1,
            length=1,
            limits=self._limits,
            identify=_identify(spec),
            tracker_known=self._versions.known_of_tracker(spec),
        )

    def _is_other(self, spec: TrackerSpec, there: str | None) -> bool:
        """Whether a tracker is made of something else in a host, by the hash of it there."""
        wanted = _identify(spec)
        if wanted is None or there is None:
            return False
        source = spec.source_sha256 if wanted.source else None
        values = {name: spec.parameters[name] for name in wanted.parameters}
        here = with_parameters_sha256(source, values)
        # A parameter that cannot be hashed here is said already.
        return there != here and not (values and here is None)

    def _known(self, spec: TrackerSpec) -> Known | None:
        """Return what the tracker's hash stands for, with what it was seen to read when built."""
        if spec.id not in self._tracker_known:
            self._tracker_known[spec.id] = self._versions.known_of_tracker(spec)
        return self._tracker_known[spec.id]

    def _bring(self, plan: Plan) -> tuple[Brought, ...]:
        """Return what every maker imports, in an order that the user's does not change."""
        return tuple(
            Brought(spec.id, self._dataset(spec), self._dataset_known[spec.id])
            for spec in sorted(plan.datasets, key=lambda spec: spec.id)
            if not is_ours(spec.factory)
        )

    def _dataset(self, spec: DatasetSpec) -> Recipe:
        if spec.id not in self._datasets:
            self._datasets[spec.id] = recipe_of(spec, spec.id)
        return self._datasets[spec.id]

    def _tracker(self, spec: TrackerSpec) -> tuple[Recipe, tuple[str, ...]]:
        if spec.id not in self._trackers:
            if isinstance(spec.factory, Elsewhere):
                recipe = recipe_elsewhere(spec.factory, spec.parameters, spec.id)
            else:
                recipe = recipe_of((spec.factory, dict(spec.parameters)), spec.id)
            self._trackers[spec.id] = recipe, packages_imported_by(spec.factory)
        return self._trackers[spec.id]


def _identify(spec: TrackerSpec) -> Identify | None:
    """Return what of a tracker a host makes anew, and so may make other than it is here.

    Classes of parameters are imported there, with what was not changed in memory.
    """
    by_content = sorted(
        name for name, value in spec.parameters.items() if not is_plain(value, words=True)
    )
    wanted = Identify(comes_by_name(spec.factory), tuple(by_content))
    return wanted if wanted.source or wanted.parameters else None
