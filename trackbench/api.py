"""``trackbench.run``: trackers on a suite, from the plan to the stored results."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trackbench import registry
from trackbench.contracts import DatasetSpec, Suite, TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.execution import execute
from trackbench.fingerprint import published_fingerprint
from trackbench.making import make_sequence
from trackbench.planning import Plan, make_plan
from trackbench.protocols import Protocol
from trackbench.records import DatasetRecord, RunRecord
from trackbench.results import Results
from trackbench.store import Store
from trackbench.work import Outcome, Unit

DEFAULT_TIMEOUT = 60.0


@dataclass(frozen=True)
class Progress:
    """How far a run has come.

    Attributes:
        frames: tracked so far in this call.
        total: to be tracked in this call; what is stored already is not counted.
    """

    frames: int
    total: int


def run(
    trackers: Any,
    suite: str | Suite | None = None,
    *,
    datasets: str | DatasetSpec | Iterable[str | DatasetSpec] = (),
    sequences: int | None = None,
    lengths: Sequence[int] | None = None,
    out: str | Path | None = None,
    protocol: str = Protocol.PAPER_V1.value,
    jobs: int | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    fresh: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Results:
    """Run trackers on a suite, or on data sets, and return the stored results.

    Args:
        trackers: an id (``"kcf"``), ``"package.module:Class"``, a class, a :class:`TrackerSpec`,
            or a list of them.
        suite: id of a suite; ``"smoke"`` if neither this nor ``datasets`` is given.
        datasets: a data set id or several, instead of the suite's.
        sequences: the first so many sequences of each data set, instead of the suite's.
        lengths: frames, instead of the suite's; for ``datasets`` alone, the whole length.
        out: the results directory; ``results/<suite>`` by default.
        protocol: ``"paper-v1"`` or ``"ope-v1"``.
        jobs: worker processes; all processors by default.
        timeout: seconds that one call of a tracker may take.
        fresh: throw away what is stored of these runs.
        progress: called several times a second.

    Returns:
        The results of these trackers on these data sets. What was stored under the same
        fingerprints is not run again.

    Raises:
        TrackbenchError: anything that is the caller's to mend; nothing is written then.

    Example:
        >>> import trackbench
        >>> trackbench.run("kcf", suite="smoke").table()  # doctest: +SKIP
    """
    plan = make_plan(trackers, suite, datasets, sequences, lengths, out, protocol)
    if jobs is not None and jobs < 1:
        raise TrackbenchError(f"--jobs must be at least 1, not {jobs}")
    if not timeout > 0:
        raise TrackbenchError(f"--timeout must be positive, not {timeout:g}")
    execute_plan(plan, jobs or os.cpu_count() or 1, timeout, fresh, progress or _ignore)
    found = Results.load(plan.out, plan.protocol, trackers=[t.id for t in plan.trackers])
    return found.only([t.id for t in plan.trackers], [d.id for d in plan.datasets])


def _ignore(progress: Progress) -> None:
    """Show nobody how far a run has come."""


def execute_plan(
    plan: Plan, jobs: int, timeout: float, fresh: bool, progress: Callable[[Progress], None]
) -> None:
    """Run what is not stored yet, storing chunk by chunk."""
    store = Store(plan.out)
    store.check_writable()
    described = {
        spec.id: store.agree_on(_describe(spec, plan, position), fresh=fresh)
        for position, spec in enumerate(plan.datasets)
    }
    new = [
        RunRecord.of(tracker, described[spec.id], plan.protocol.value, spec.chunk)
        for tracker in plan.trackers
        for spec in plan.datasets
    ]
    found = {(run.tracker, run.dataset): None if fresh else store.stored(run) for run in new}
    runs = {(run.tracker, run.dataset): found[run.tracker, run.dataset] or run for run in new}
    units = [
        unit
        for tracker in plan.trackers
        for spec in plan.datasets
        for unit in _units(tracker, spec, runs[tracker.id, spec.id], timeout)
    ]
    # The first chunk of every tracker goes first: until each has answered, nothing is written.
    first = {unit.tracker.id: unit for unit in reversed(units)}
    units.sort(key=lambda unit: unit is not first[unit.tracker.id])
    total = sum(unit.frames for unit in units)
    begun: set[tuple[str, str]] = set()
    with ExitStack() as locks:
        silent = set(first)
        held: list[Outcome] = []
        for outcome in execute(units, jobs, timeout, lambda f: progress(Progress(f, total))):
            silent.discard(outcome.unit.tracker.id)
            held.append(outcome)
            if silent:
                continue
            for ready in held:
                key = ready.unit.tracker.id, ready.unit.dataset.id
                if key not in begun:
                    runs[key] = locks.enter_context(
                        store.writing(runs[key], described[key[1]], fresh=fresh)
                    )
                    begun.add(key)
                runs[key] = store.add(runs[key], replace(ready, timeout=timeout))
            held.clear()
    for record in described.values():
        store.note(record)  # all may have been stored before, and only a length be new
    for run in runs.values():
        if (run.tracker, run.dataset) not in begun:
            store.asked(run)


def _describe(spec: DatasetSpec, plan: Plan, position: int) -> DatasetRecord:
    """Make the data set's sample and hold it to its fingerprint.

    Raises:
        DamagedFileError: this machine makes other data than the published.
    """
    dataset = registry.build_dataset(spec)
    made = published_fingerprint(dataset)
    count = spec.sequences if plan.sequences is None else min(plan.sequences, spec.sequences)
    height, width = make_sequence(dataset, 0, 1).frames.shape[1:3]
    return DatasetRecord.of(spec, made, count, (height, width), plan.lengths, position)


def _units(
    tracker: TrackerSpec, dataset: DatasetSpec, run: RunRecord, timeout: float
) -> list[Unit]:
    starts = range(0, run.sequences, run.chunk)
    chunks = run.chunks_to_run(retry_failed=False, timeout=timeout, memory=None)
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
        if number in chunks
    ]
