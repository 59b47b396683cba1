"""Shards read to be merged: all of one plan, each once, finished, with no units but their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trackbench.errors import DamagedFileError, IncompatibleResultsError, TrackbenchError, parameter
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.folders import is_there, subfolders
from trackbench.results.places import RunPlace, check_scored_against, load_dataset, run_places
from trackbench.results.record_file import RECORD
from trackbench.results.run_record import RunRecord
from trackbench.results.shard_file import SHARD, ShardFile, read_shard
from trackbench.results.shards import PlannedDataset, RunKey


@dataclass(frozen=True)
class Piece:
    """One shard, read.

    Attributes:
        path: of its directory.
        held: which it is.
        runs: where each is, and its record.
        datasets: their records by id.
    """

    path: Path
    held: ShardFile
    runs: dict[RunKey, tuple[RunPlace, RunRecord]]
    datasets: dict[str, DatasetRecord]


def pieces_of(paths: Sequence[Path]) -> list[Piece]:
    """Read the shards of a plan, given in any order; return them in theirs.

    Parts are not read.

    Raises:
        IncompatibleResultsError: they are not all shards of one plan, each once, with no units but
            its own.
        DamagedFileError: a record of one is damaged or was changed.
        TrackbenchError: a directory is no shard, or is not finished.
    """
    return [_read(path, held) for path, held in _all_shards(paths)]


def _all_shards(paths: Sequence[Path]) -> list[tuple[Path, ShardFile]]:
    """Return the shards in their order, after they were found to be all of one plan."""
    found: dict[int, tuple[Path, ShardFile]] = {}
    first: tuple[Path, ShardFile] | None = None
    for path in paths:
        held = read_shard(path) if path.is_dir() else None
        if held is None:
            why = f"it has no {SHARD}" if path.is_dir() else "there is no such directory"
            raise TrackbenchError(
                f"{path} is no shard: {why}; see {parameter('shard')} of trackbench run"
            )
        first = first or (path, held)
        if held.shard.of != first[1].shard.of:
            raise IncompatibleResultsError(
                f"{path} is {held.shard.words}, and {first[0]} is {first[1].shard.words}: they "
                "are not of one plan"
            )
        if (other := held.plan.difference_from(first[1].plan)) is not None:
            raise IncompatibleResultsError(
                f"{path} ({held.shard.words}) is of another plan than {first[0]} "
                f"({first[1].shard.words}): {other}"
            )
        number = held.shard.number
        if number in found:
            raise IncompatibleResultsError(
                f"{held.shard.words} is there twice: {found[number][0]} and {path}"
            )
        found[number] = path, held
    if first is None:
        raise TrackbenchError("no shard given: name the directories of all of them")
    missing = [str(n) for n in range(1, first[1].shard.of + 1) if n not in found]
    if missing:
        names = ", ".join(missing[:10]) + (", ..." if len(missing) > 10 else "")
        raise IncompatibleResultsError(
            f"of {first[1].shard.of} shards {len(missing)} {_verb(missing)} missing: {names}"
        )
    return [found[number] for number in sorted(found)]


def _verb(several: Sequence[str]) -> str:
    return "is" if len(several) == 1 else "are"


def _read(path: Path, held: ShardFile) -> Piece:
    """Read a shard, and make sure that it holds its own units, and no others."""
    plan, who = held.plan, f"{path} ({held.shard.words})"
    shares = plan.shares(held.shard)
    fingerprints = {tracker.id: tracker.fingerprint for tracker in plan.trackers}
    planned = {each.id: each for each in plan.datasets}
    datasets = {}
    for folder in subfolders(path / "datasets"):
        if folder.name not in planned:
            raise IncompatibleResultsError(f"{who} holds {folder.name}, which is not of its plan")
        if is_there(folder / RECORD):
            dataset = load_dataset(path, folder.name)
            if PlannedDataset.of(dataset) != planned[dataset.id]:
                raise IncompatibleResultsError(
                    f"{who} holds other data, or another choice of it, under the name {dataset.id} "
                    "than its plan names"
                )
            datasets[dataset.id] = dataset
    runs: dict[RunKey, tuple[RunPlace, RunRecord]] = {}
    for place in run_places(path):
        record = place.load()
        key = record.tracker, record.dataset, record.run
        if (
            place.version is None
            or record.protocol != plan.protocol
            or record.fingerprint != fingerprints.get(record.tracker)
            or not all(chunk in shares.get(key, ()) for chunk in record.chunks)
        ):
            raise IncompatibleResultsError(
                f"{who} holds what is not of that shard: {place.folder.relative_to(path)}"
            )
        if record.dataset not in datasets:
            raise DamagedFileError(f"{who} lacks the truth of {record.dataset}")
        check_scored_against(record, datasets[record.dataset], place.folder)
        runs[key] = place, record
    done = sum(len(record.chunks) for _, record in runs.values())
    wanted = sum(map(len, shares.values()))
    if done < wanted:
        raise TrackbenchError(
            f"{who} is not finished: {done} of its {wanted} units are stored; run it again, with "
            f"{parameter('shard', str(held.shard))}, and it goes on"
        )
    return Piece(path, held, runs, datasets)
