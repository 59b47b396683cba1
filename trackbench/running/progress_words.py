"""A run's plan, and how far it is, in words."""

from __future__ import annotations

from trackbench.printing.amounts import counted, duration, frame_rate
from trackbench.printing.text import visible
from trackbench.running.progress import AtWork, Part, Progress, TimeLeft

MOST_WORKERS = 12
"""That have a line each."""


def plan_lines(state: Progress) -> list[str]:
    """Return a line for each tracker and data set, and one for all."""
    names = [(part.tracker, part.dataset) for part in state.parts]
    wide = [max((len(visible(pair[i])) for pair in names), default=0) for i in (0, 1)]
    lines = [
        f"  {visible(part.tracker):<{wide[0]}}  {visible(part.dataset):<{wide[1]}}  {_to_do(part)}"
        for part in state.parts
    ]
    if state.total:
        by = counted(state.jobs, "process") if state.jobs else "processes that are still to come"
        lines.append(f"{counted(state.total, 'frame')} to be tracked by {by}")
    return lines


def estimate_line(state: Progress) -> str:
    """Return how long a plan would take."""
    if not state.total:
        return "nothing would be run"
    return f"it would take {_words(state.time_left, 'about ')}"


def first_chunk_line(state: Progress) -> str:
    """Return how long the rest takes, as the first chunk lets one expect."""
    time = state.time_left
    unknown = ""
    if time.unknown:
        unknown = f" (not known yet of {', '.join(map(visible, time.unknown))})"
    return f"by the first chunk: {_words(time, 'about ')} left{unknown}"


def plain_lines(state: Progress, elapsed: float) -> list[str]:
    """Return where a run is, as lines that a log keeps."""
    share = f"{state.frames:,} of {state.total:,} frames"
    rate = frame_rate(state.frames / max(elapsed, 1e-9))
    lines = [
        f"{part.tracker} on {part.dataset}: {_done(part)}" for part in state.parts if part.processes
    ]
    lines += [f"worker {each.name}: {worker_words(each)}" for each in state.workers[:MOST_WORKERS]]
    if len(state.workers) > MOST_WORKERS:
        lines.append(f"and {counted(len(state.workers) - MOST_WORKERS, 'more worker')}")
    return [*lines, f"all: {share}, {rate}, {time_left_words(state)}"]


def time_left_words(state: Progress) -> str:
    """Return how long the rest takes, as far as anybody knows."""
    time = state.time_left
    return "time left not known yet" if not time.seconds else f"{_words(time)} left"


def _words(time: TimeLeft, about: str = "") -> str:
    if not time.unknown:
        return f"{about}{duration(time.seconds)}"
    return f"more than {duration(time.seconds)}"


def _done(part: Part) -> str:
    known = part.rate is not None and part.seconds_left is not None
    time = f", {duration(part.seconds_left or 0)} left" if known else ""
    return f"{part.frames:,} of {part.total:,} frames, {rate_words(part)}{time}"


def rate_words(part: Part) -> str:
    """Return the speed of all processes that are at a part."""
    rate = part.rate
    return "starting" if rate is None else frame_rate(rate * max(1, part.processes))


def worker_words(worker: AtWork) -> str:
    """Return what a worker is at, and its speed."""
    rate = worker.rate
    speed = f", {frame_rate(rate)} a process" if rate is not None else ""
    return f"{counted(worker.units, 'unit')} under way, {worker.frames:,} frames{speed}"


def _to_do(part: Part) -> str:
    said = []
    if part.total:
        said.append(f"to be done: {counted(part.total, 'frame')}")
    if part.stored:
        said.append(f"stored: {counted(part.stored, 'frame')}")
    if part.skipped is not None:
        said.append(f"skipped: {part.skipped}")
    return "; ".join(said)
