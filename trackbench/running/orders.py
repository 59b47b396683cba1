"""The orders that makers get; how each tracker and data set is brought there is found out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.plugins.factories import is_ours
from trackbench.plugins.hashing.made_of_hash import made_of_sha256
from trackbench.plugins.plain_values import is_plain
from trackbench.plugins.reads import Known
from trackbench.results.chunks import Unit
from trackbench.results.dataset_record import DatasetRecord
from trackbench.running.limits import Limits
from trackbench.running.messages import (
    Brought,
    Identify,
    Order,
    SpoiledBy,
    Task,
)
from trackbench.running.plan import Plan
from trackbench.running.preload import packages_imported_by
from trackbench.running.recipe import Recipe, comes_by_name, recipe_of, recipe_of_tracker
from trackbench.running.versions import Versions


class Orders:
    """Makes the orders of one run."""

    def __init__(
        self,
        limits: Callable[[TrackerSpec], Limits],
        versions: Versions,
        *,
        may_differ: bool = False,
    ) -> None:
        """Begin with nothing known of any tracker or data set.

        Args:
            limits: returns what a tracker may take.
            versions: what the trackers' and data sets' hashes stand for.
            may_differ: as :attr:`Order.may_differ`.
        """
        self._limits, self._versions, self._may_differ = limits, versions, may_differ
        self._trackers: dict[str, tuple[Recipe, tuple[str, ...]]] = {}
        self._datasets: dict[str, Recipe] = {}
        self._spoiled: dict[str, SpoiledBy] = {}
        self._dataset_known: dict[str, Known | None] = {}
        self._tracker_known: dict[str, Known | None] = {}
        self._brought: tuple[Brought, ...] = ()

    def bring(self, plan: Plan) -> None:
        """Have every maker import a plan's data sets, in an order that the user's does not change.

        To be called again when more is known of what their hashes stand for.
        """
        for spec in plan.datasets:
            self._dataset_known[spec.id] = self._versions.known_of_dataset(spec)
        self._brought = tuple(
            Brought(spec.id, self._dataset(spec), self._dataset_known[spec.id])
            for spec in sorted(plan.datasets, key=lambda spec: spec.id)
            if not is_ours(spec.factory)
        )

    def spoil(self, spoiled: Mapping[str, SpoiledBy]) -> None:
        """Let trackers (by id) be started no more: their processes ended when they were built."""
        self._spoiled = dict(spoiled)

    def describe(self, spec: DatasetSpec) -> Order:
        """Return the order to make the sample of a data set."""
        return Order(
            task=Task.DESCRIBE,
            dataset=spec.id,
            dataset_recipe=self._dataset(spec),
            dataset_known=self._dataset_known[spec.id],
            brought=self._brought,
        )

    def warm(self, spec: TrackerSpec) -> Order:
        """Return the order to start the server that a tracker's hosts are forked from."""
        return self._for_tracker(spec, Task.WARM)

    def build(self, spec: TrackerSpec, *, seed: int = 0) -> Order:
        """Return the order to build a tracker in a host, and let it end.

        Args:
            spec: of the tracker.
            seed: the generators that a process shares begin elsewhere with each.
        """
        return self._for_tracker(spec, Task.TRY, seed)

    def track(self, unit: Unit) -> Order:
        """Return the order to have a unit tracked."""
        recipe, preload = self._tracker(unit.tracker)
        return Order(
            task=Task.TRACK,
            dataset=unit.dataset.id,
            dataset_recipe=self._dataset(unit.dataset),
            start=unit.start,
            stop=unit.stop,
            names=unit.dataset.names[unit.start : unit.stop],
            length=unit.length,
            frames_each=unit.frames_each,
            tracker=unit.tracker.id,
            run=unit.run,
            tracker_recipe=recipe,
            preload=preload,
            batched=unit.tracker.batched,
            sees_future=unit.tracker.sees_future,
            family=unit.tracker.family,
            limits=self._limits(unit.tracker),
            may_differ=self._may_differ,
            spoiled=self._spoiled.get(unit.tracker.id),
            tracker_known=self._known(unit.tracker),
            dataset_known=self._dataset_known[unit.dataset.id],
            brought=self._brought,
        )

    def make(self, spec: DatasetSpec, record: DatasetRecord, chunk: int) -> Order:
        """Return the order to make the videos of a stored chunk again."""
        extent = record.extent if record.chunk else replace(record.extent, chunk=spec.chunk)
        part = extent.part(chunk)
        return Order(
            task=Task.MAKE,
            dataset=spec.id,
            dataset_recipe=self._dataset(spec),
            start=part.start,
            stop=part.stop,
            length=extent.longest_in(part),
            frames_each=extent.frames_in(part),
            dataset_known=self._dataset_known[spec.id],
            brought=self._brought,
        )

    def make_one(self, spec: DatasetSpec, index: int, length: int) -> Order:
        """Return the order to make one sequence, up to ``length``, for its truth."""
        return Order(
            task=Task.MAKE,
            dataset=spec.id,
            dataset_recipe=self._dataset(spec),
            start=index,
            stop=index + 1,
            length=min(length, spec.frames_of(index)),
            brought=self._brought,
        )

    def _for_tracker(self, spec: TrackerSpec, task: Task, seed: int = 0) -> Order:
        recipe, preload = self._tracker(spec)
        return Order(
            task=task,
            tracker=spec.id,
            tracker_recipe=recipe,
            preload=preload,
            sees_future=spec.sees_future,
            family=spec.family,
            start=seed,  # generators are seeded by the unit's first sequence
            stop=seed + 1,
            length=1,
            limits=self._limits(spec),
            identify=made_anew(spec),
            tracker_known=self._versions.known_of_tracker(spec),
        )

    def _known(self, spec: TrackerSpec) -> Known | None:
        """Return what the tracker's hash stands for, with what it was seen to read when built."""
        if spec.id not in self._tracker_known:
            self._tracker_known[spec.id] = self._versions.known_of_tracker(spec)
        return self._tracker_known[spec.id]

    def _dataset(self, spec: DatasetSpec) -> Recipe:
        if spec.id not in self._datasets:
            self._datasets[spec.id] = recipe_of(spec, spec.id)
        return self._datasets[spec.id]

    def _tracker(self, spec: TrackerSpec) -> tuple[Recipe, tuple[str, ...]]:
        if spec.id not in self._trackers:
            self._trackers[spec.id] = recipe_of_tracker(spec), packages_imported_by(spec.factory)
        return self._trackers[spec.id]


def made_anew(spec: TrackerSpec) -> Identify | None:
    """Return what of a tracker a host makes anew, so that it may be other than in this process.

    Modules are imported again in the host, so what was changed of them in memory is not there.
    """
    by_content = sorted(
        name for name, value in spec.parameters.items() if not is_plain(value, words=True)
    )
    by = f"{made_of_sha256.__module__}:{made_of_sha256.__qualname__}"
    wanted = Identify(comes_by_name(spec.factory), tuple(by_content), by)
    return wanted if wanted.source or wanted.parameters else None
