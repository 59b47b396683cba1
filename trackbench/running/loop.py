"""A plan carried out: what is not stored yet is run, and stored chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import fields, replace

from trackbench.errors import TrackbenchError, parameter
from trackbench.plugins.reads import read_by_dataset, read_while_running
from trackbench.results.chunks import Outcome, Tracked, Unit
from trackbench.results.repeats import ENOUGH_ALIKE
from trackbench.running.estimating import estimated
from trackbench.running.execution import Execution, Listeners, Settings
from trackbench.running.executors import Executor, executor
from trackbench.running.limits import Limits
from trackbench.running.messages import Made, Order, made
from trackbench.running.other_order import difference_from
from trackbench.running.plan import Plan
from trackbench.running.preparation import Prepared, prepare
from trackbench.running.repetitions import without_repetitions
from trackbench.running.tracker_run import TrackerRun, pixels_of
from trackbench.running.videos import advised


def execute_plan(plan: Plan, settings: Settings, listeners: Listeners) -> dict[str, str]:
    """Run what is not stored yet; return the fingerprint of each tracker that was run or found.

    Raises:
        TrackbenchError: a tracker or a data set cannot be made, or was changed while it ran; what
            is stored by then stays.
    """
    work = Execution.of(plan, settings, listeners)
    with executor(work, listeners) as pool:
        prepared = prepare(work, pool)
        if settings.dry:
            listeners.progress(estimated(work, prepared, pool))
            return work.versions.fingerprints
        tally = prepared.tally
        listeners.progress(tally.progress(pool, plan=True))
        pool.begun = tally.begin_again
        pool.progress = lambda: listeners.progress(tally.progress(pool))
        _Tracking(work, prepared).track(pool)
    _note_asked(work, prepared)
    return work.versions.fingerprints


class _Tracking:
    """The runs of a plan, tracked unit by unit."""

    def __init__(self, work: Execution, prepared: Prepared) -> None:
        self._work, self._prepared = work, prepared
        self._under_way: dict[Order, tuple[TrackerRun, Unit]] = {}

    def track(self, pool: Executor) -> None:
        """Run what is left, and store each unit as it is ready; hold no folder any longer.

        Whether a tracker is deterministic is known when its first runs are finished.
        """
        first = [run for run in self._prepared.runs if run.number < ENOUGH_ALIKE]
        further = [run for run in self._prepared.runs if run.number >= ENOUGH_ALIKE]
        try:
            self._track(pool, first)
            if further:
                needed = set(without_repetitions(self._work, [*first, *further]))
                skipped = [run for run in further if run not in needed]
                self._prepared.tally.skip(skipped, self._work.settings)
                self._track(pool, [run for run in further if run in needed])
        finally:
            for run in self._prepared.runs:
                run.release()

    def _track(self, pool: Executor, runs: list[TrackerRun]) -> None:
        for order, answer in pool.work(self._orders(runs)):
            run, unit = self._under_way.pop(order)
            self._prepared.tally.finish(order, unit.frames)
            self._store(run, unit, made(answer))

    def _orders(self, runs: list[TrackerRun]) -> Iterator[Order]:
        """Yield orders; a run's folder is held from its first unit on until its last is stored.

        What another process has stored there meanwhile is read under the lock, and not done again.
        """
        work = self._work
        for run in runs:
            if not run.units(work.settings):
                continue
            run.held = ExitStack()
            dataset = self._prepared.datasets[run.dataset.id]
            run.record = run.held.enter_context(
                # The first run forgets the others, which are begun after it.
                work.store.writing(run.record, dataset, fresh=work.settings.fresh and run.forgets)
            )
            run.begun = True
            units = run.units(work.settings)
            run.left = len(units)
            if not units:
                run.release()
            # The longest first: at the end no processor waits for another.
            for unit in sorted(units, key=lambda unit: -pixels_of(unit)):
                order = work.orders.track(unit)
                self._under_way[order] = run, unit
                self._prepared.tally.begin(order, run)
                yield order

    def _store(self, run: TrackerRun, unit: Unit, found: Made) -> None:
        """Store a unit that was tracked, with what was seen meanwhile that spoils its reuse."""
        work = self._work
        unhashed = work.versions.check_unchanged(run.tracker, run.dataset, last=run.left == 1)
        if found.reads:
            work.announcer.read(run.tracker.id, found.reads)
            unhashed = read_while_running(run.tracker.id, found.reads)
        if unhashed is not None and run.record.unhashed is None:
            run.record = replace(run.record, unhashed=unhashed)
            work.announcer.tell(unhashed)
        if found.dataset_reads:
            work.announcer.tell(read_by_dataset(run.dataset.id, found.dataset_reads))
        differs = found.differs or self._differs_in_order(unit, found)
        if differs is not None:
            _note_differing(work, run, differs)
        outcome = outcome_of(unit, found, work.settings.limits_of(unit.tracker))
        run.record = work.store.add(run.record, outcome)
        run.left -= 1
        if not run.left:
            run.release()

    def _differs_in_order(self, unit: Unit, found: Made) -> str | None:
        """Say whether a unit's videos depend on the order in which videos are made.

        Raises:
            TrackbenchError: they do, and this is not a run that says so for ever.
        """
        differs = difference_from(self._prepared.in_other_order, unit, found.truth)
        if differs is not None and not self._work.settings.fresh:
            raise TrackbenchError(advised(differs))
        return differs


def _note_differing(work: Execution, run: TrackerRun, why: str) -> None:
    """Note in a run's record that no other run sees the same videos.

    Raises:
        TrackbenchError: another tracker of the plan, or another run, would see other videos.
    """
    if len(work.plan.trackers) > 1 or work.plan.runs > 1:
        raise TrackbenchError(
            f"{why}: run one tracker at a time on it, once, each with another {parameter('out')} "
            f"and {parameter('fresh', True)}"
        )
    line = (
        f"{run.dataset.id} is another each time that it is made: no other run sees the same "
        "videos, so numbers of this one cannot be compared, and nothing of it is used again"
    )
    known = run.record.unhashed
    if known is None or line not in known:
        run.record = replace(run.record, unhashed=f"{known}; {line}" if known else line)
    work.announcer.warn(line)


def _note_asked(work: Execution, prepared: Prepared) -> None:
    """Note that all this was asked for; it may all have been stored, and only a length new."""
    for record in prepared.datasets.values():
        work.store.note(record)
    for run in prepared.runs:
        if not run.begun:
            work.store.asked(run.record)


def outcome_of(unit: Unit, found: Made, limits: Limits) -> Outcome:
    """Return what is stored of a unit that a maker has made and had tracked."""
    tracked = {field.name: getattr(found, field.name) for field in fields(Tracked)}
    return Outcome(
        **tracked,
        unit=unit,
        timeout=limits.timeout,
        memory=limits.memory,
        unseen=bool(found.dataset_reads),
        machine=found.machine,
    )
