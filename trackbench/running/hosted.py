"""A tracker that hosts drive as in a run, and nothing is stored: to check it, or look at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.running.limits import Limits
from trackbench.running.messages import Answer, Made, Order, Task, Tried
from trackbench.running.pool import Pool
from trackbench.running.preload import packages_imported_by
from trackbench.running.recipe import recipe_of, recipe_of_tracker


def is_of_host(spec: TrackerSpec) -> bool:
    """Whether only a host can build a tracker: it is one of another interpreter."""
    return isinstance(spec.factory, Elsewhere)


class Hosted:
    """A tracker with a maker of its own; use it as a context manager."""

    def __init__(
        self, spec: TrackerSpec, timeout: float, progress: Callable[[int], None] = lambda _: None
    ) -> None:
        """Start nothing yet.

        Args:
            spec: of the tracker.
            timeout: seconds that one call may take.
            progress: is called several times a second with the frames tracked so far.

        Raises:
            TrackbenchError: it cannot be brought to another process.
        """
        self._spec, self._limits = spec, Limits(timeout)
        self._recipe, self._preload = recipe_of_tracker(spec), packages_imported_by(spec.factory)
        self._tracked, self._progress = 0, progress
        self._pool = Pool(1, self._tell)

    def __enter__(self) -> Self:
        self._pool.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.__exit__(*error)

    def build(self) -> Tried:
        """Build it once, and let it end.

        Raises:
            TrackbenchError: it says, or raises, that it cannot be built.
        """
        answer = self._answer(self._order(Task.TRY, stop=1, length=1))
        assert isinstance(answer, Tried)  # noqa: S101 - as was ordered
        return answer

    def track(
        self,
        dataset: DatasetSpec,
        length: int,
        start: int = 0,
        stop: int = 1,
        *,
        reseed: bool = False,
    ) -> Made:
        """Let one host track sequences of a data set, another one those after one that it fails.

        Args:
            dataset: the data set.
            length: frames of each sequence.
            start: the first sequence.
            stop: the one after the last.
            reseed: the generators that a process shares begin anew with each sequence.

        Raises:
            TrackbenchError: a sequence cannot be made.
        """
        order = self._order(Task.TRACK, start, stop, length, dataset=dataset, reseed=reseed)
        answer = self._answer(order)
        assert isinstance(answer, Made)  # noqa: S101 - as was ordered
        self._tracked += order.frames
        return answer

    def _tell(self) -> None:
        self._progress(self._tracked + sum(self._pool.under_way.values()))

    def _order(
        self,
        task: Task,
        start: int = 0,
        stop: int = 1,
        length: int = 1,
        *,
        dataset: DatasetSpec | None = None,
        reseed: bool = False,
    ) -> Order:
        spec = self._spec
        return Order(
            task=task,
            dataset="" if dataset is None else dataset.id,
            dataset_recipe=None if dataset is None else recipe_of(dataset, dataset.id),
            start=start,
            stop=stop,
            names=() if dataset is None else dataset.names[start:stop],
            length=length,
            tracker=spec.id,
            tracker_recipe=self._recipe,
            preload=self._preload,
            batched=spec.batched and task is Task.TRACK,
            sees_future=spec.sees_future,
            family=spec.family,
            limits=self._limits,
            reseed=reseed,
            may_differ=True,  # nothing is stored, so nothing is ever compared with these videos
        )

    def _answer(self, order: Order) -> Answer:
        ((_, answer),) = self._pool.work([order])
        return answer
