"""What of a plan is stored, under way and done, counted for each tracker and data set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from time import monotonic

from trackbench.running.execution import Execution, Settings
from trackbench.running.executors import Executor
from trackbench.running.messages import Order
from trackbench.running.progress import Part, Progress
from trackbench.running.tracker_run import TrackerRun, frames_to_run

Key = tuple[str, str]
"""A tracker's id and a data set's."""

DETERMINISTIC = "deterministic: further runs would be the same"


class Tally:
    """Counts frames, and the seconds that processes take for them.

    What is asked for several times a second is kept as sums: plans have thousands of parts.
    """

    def __init__(self, work: Execution, runs: Iterable[TrackerRun]) -> None:
        """Count what is stored of the runs that the plan has, and what is to be done."""
        parts = _parts(work, list(runs))
        self._places = {key: place for place, key in enumerate(parts)}
        self._parts = list(parts.values())
        self._total = sum(part.total for part in self._parts)
        self._tracked = 0
        self._under_way: dict[Order, tuple[int, float]] = {}
        self._finished = 0

    @property
    def total(self) -> int:
        """Frames to be tracked."""
        return self._total

    def skip(self, runs: Iterable[TrackerRun], settings: Settings) -> None:
        """Take out runs that need not be run, for their tracker turned out to be deterministic."""
        for run in runs:
            place, frames = self._place(run), frames_to_run([run], settings)
            part = self._parts[place]
            self._total -= frames
            self._parts[place] = replace(part, total=part.total - frames, skipped=DETERMINISTIC)

    def begin(self, order: Order, run: TrackerRun) -> None:
        """Note that an order is given to a process now."""
        self._under_way[order] = self._place(run), monotonic()

    def begin_again(self, order: Order) -> None:
        """Note that it had to wait for a process until now, or is begun once more."""
        if order in self._under_way:
            self._under_way[order] = self._under_way[order][0], monotonic()

    def finish(self, order: Order, frames: int) -> None:
        """Note that it is done, and how many frames it had."""
        place, begun = self._under_way.pop(order)
        self._finished += 1
        self._tracked += frames
        self._parts[place] = _further(self._parts[place], frames, monotonic() - begun)

    def progress(self, pool: Executor, *, plan: bool = False) -> Progress:
        """Return how far the plan is.

        Args:
            pool: what carries it out.
            plan: this is the first that is told of it.
        """
        parts, done, now = self._parts.copy(), self._tracked, monotonic()
        for order, frames in pool.under_way.items():
            if order in self._under_way:
                place, begun = self._under_way[order]
                part = _further(parts[place], frames, now - begun)
                parts[place] = replace(part, processes=part.processes + 1)
                done += frames
        return Progress(
            done, self.total, tuple(parts), pool.processes, plan, pool.workers, self._finished
        )

    def _place(self, run: TrackerRun) -> int:
        return self._places[_key(run)]


def _further(part: Part, frames: int, seconds: float) -> Part:
    # Until a process has answered frames, its time says nothing about how long they take.
    spent = seconds if frames else 0.0
    return replace(part, frames=part.frames + frames, seconds=part.seconds + spent)


def _parts(work: Execution, runs: list[TrackerRun]) -> dict[Key, Part]:
    of: dict[Key, list[TrackerRun]] = {
        (tracker.id, spec.id): [] for tracker in work.plan.trackers for spec in work.plan.datasets
    }
    for run in runs:
        of[_key(run)].append(run)
    return {key: _part(work, key, each) for key, each in of.items()}


def _part(work: Execution, key: Key, runs: list[TrackerRun]) -> Part:
    to_do = frames_to_run(runs, work.settings)
    stored = sum(_frames(run) for run in runs) - to_do
    shard = work.settings.shard
    skipped = None
    if shard is not None and not runs:
        skipped = f"nothing of it is in {shard.words}"
    elif shard is None and len(runs) < work.plan.runs:
        skipped = DETERMINISTIC
    return Part(*key, total=to_do, stored=stored, skipped=skipped)


def _frames(run: TrackerRun) -> int:
    """Return the frames of a run, or of what is of a shard."""
    extent = run.record.extent
    chunks = range(extent.parts) if run.share is None else run.share
    return sum(extent.rows(chunk) for chunk in chunks)


def _key(run: TrackerRun) -> Key:
    return run.tracker.id, run.dataset.id
