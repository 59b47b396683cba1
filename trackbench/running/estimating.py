"""How long a plan would take: a sequence of each part is tracked, and nothing of it is kept."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from trackbench.running.execution import Execution
from trackbench.running.executors import Executor
from trackbench.running.messages import made
from trackbench.running.preparation import Prepared
from trackbench.running.progress import Progress
from trackbench.running.tracker_run import TrackerRun

MOST_FRAMES = 200
"""Of a sequence, that are tracked for an estimate."""


def estimated(work: Execution, prepared: Prepared, pool: Executor) -> Progress:
    """Return the plan, its parts with the speed at which one sequence of each was tracked.

    Each is tracked alone. That a tracker's process is started for it counts, though a run starts
    one for fifty sequences: of fast trackers the estimate is too long.

    Raises:
        TrackbenchError: a tracker or a data set cannot be made.
    """
    plan = prepared.tally.progress(pool, plan=True)
    first: dict[tuple[str, str], TrackerRun] = {}
    for run in prepared.runs:
        if run.units(work.settings):
            first.setdefault((run.tracker.id, run.dataset.id), run)
    parts = []
    for part in plan.parts:
        run_of_it = first.get((part.tracker, part.dataset))
        if run_of_it is None:
            parts.append(part)
        else:
            parts.append(replace(part, expected=_rate(work, pool, run_of_it)))
    return replace(plan, parts=tuple(parts))


def _rate(work: Execution, pool: Executor, run: TrackerRun) -> float:
    """Return how many frames of a sequence are tracked in a second."""
    unit = run.units(work.settings)[0]
    longest = min(unit.frames_of(unit.start), MOST_FRAMES)
    seconds = 0.0
    for length in (min(2, longest), longest):  # what the tracker imports is imported by the first
        short = replace(unit, stop=unit.start + 1, length=length, frames_each=())
        begun = monotonic()
        for _, answer in pool.work([work.orders.track(short)]):
            made(answer)
        seconds = monotonic() - begun
    return longest / seconds
