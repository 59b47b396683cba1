"""Which repetitions need not be run: those of a tracker that gave the same boxes three times."""

from __future__ import annotations

from trackbench.results.places import run_place
from trackbench.results.repeats import ENOUGH_ALIKE, identical
from trackbench.running.execution import Execution
from trackbench.running.tracker_run import TrackerRun

Key = tuple[str, str]
"""A tracker's id and a data set's."""


def without_repetitions(work: Execution, runs: list[TrackerRun]) -> list[TrackerRun]:
    """Return the runs without those from the fourth on whose first three have identical boxes.

    Where one of the three is still to be run, wholly or in part, nothing is known yet; and of a
    shard nothing ever: whoever merges the shards drops what the whole would have skipped.

    Raises:
        DamagedFileError: what is stored is damaged.
    """
    if work.settings.shard is not None:
        return runs
    first: dict[Key, list[TrackerRun]] = {}
    for run in runs:
        if run.number < ENOUGH_ALIKE:
            first.setdefault(_key(run), []).append(run)
    further = {_key(run) for run in runs if run.number >= ENOUGH_ALIKE}
    alike = {key for key in further if _are_alike(work, first[key])}
    return [run for run in runs if run.number < ENOUGH_ALIKE or _key(run) not in alike]


def _are_alike(work: Execution, runs: list[TrackerRun]) -> bool:
    """Whether the first runs of a tracker on a data set are finished, and the same."""
    if any(run.units(work.settings) and not run.begun for run in runs):
        return False
    # Where a run of schema 1 is stored is another place; it has no repetitions beside it.
    if not all(run.record.complete and not run.record.legacy for run in runs):
        return False
    places = [run_place(work.store.path, run.record) for run in runs]
    return identical([(p.folder, run.record) for p, run in zip(places, runs, strict=True)])


def _key(run: TrackerRun) -> Key:
    return run.tracker.id, run.dataset.id
