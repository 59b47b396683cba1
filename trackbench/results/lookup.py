"""A run looked up in a results directory: what is stored of it under its very fingerprint."""

from __future__ import annotations

from pathlib import Path

from trackbench.errors import IncompatibleResultsError, parameter
from trackbench.results.places import (
    RunPlace,
    check_scored_against,
    legacy_place,
    run_place,
)
from trackbench.results.run_record import RunRecord
from trackbench.results.truths import Truths


def find(path: Path, truths: Truths, run: RunRecord) -> tuple[RunPlace, RunRecord] | None:
    """Return where a run is stored under its fingerprint, by schema 1 too, and its record.

    Args:
        path: the results directory.
        truths: stored there.
        run: what is looked for.

    Raises:
        IncompatibleResultsError: it is of another choice, other data, or was scored against other
            truth than is stored.
        DamagedFileError: a record is damaged.
    """
    if run.unhashed is not None:  # its fingerprint may stand for another tracker, too
        return None
    legacy = () if run.run else (legacy_place(path, run),)  # schema 1 knew no repetitions
    for place in (run_place(path, run), *legacy):
        if not place.there:
            continue
        record = place.load()
        if record.unhashed is not None:  # the same of what is stored
            continue
        if record.fingerprint == run.fingerprint and (record.chunks or place.version):
            _check_same(truths, record, run, place.folder)
            return place, record
    return None


def _check_same(truths: Truths, found: RunRecord, run: RunRecord, folder: Path) -> None:
    """Refuse a run of another choice, of other data, or scored against other truth."""
    names = ("sequences", "length", "frames_each", "chunk", "dataset_fingerprint")
    differ = [name for name in names if getattr(found, name) != getattr(run, name)]
    if differ == ["dataset_fingerprint"]:
        raise IncompatibleResultsError(
            f"{folder} holds results on other data under the name {run.dataset}: run it again "
            f"with {parameter('fresh', True)}"
        )
    if differ:
        raise IncompatibleResultsError(
            f"{folder} holds {found.sequences} sequences of {found.length} frames in parts of "
            f"{found.chunk}, not {run.sequences} of {run.length} in parts of {run.chunk}: run "
            f"it again with {parameter('fresh', True)}"
        )
    dataset = truths.stored(run.dataset)
    if dataset is not None:
        check_scored_against(found, dataset, folder)
