"""Shards put together: checked one by one and against each other, and written as the whole is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trackbench.errors import (
    DamagedFileError,
    IncompatibleResultsError,
    TrackbenchError,
    brief,
    parameter,
)
from trackbench.results.atomic_files import check_writable, creating_folder
from trackbench.results.chunk_merging import both_versions
from trackbench.results.folders import is_there, make_inside, subfolders
from trackbench.results.kept_failures import shortened
from trackbench.results.parquet import write_part
from trackbench.results.parquet_reading import checked_content
from trackbench.results.places import (
    RunPlace,
    check_scored_against,
    load_dataset,
    part_of_run,
    part_of_truth,
    run_place,
    run_places,
)
from trackbench.results.record_file import RECORD, save
from trackbench.results.records import DatasetRecord, RunRecord
from trackbench.results.repeats import ENOUGH_ALIKE, identical
from trackbench.results.shard_file import SHARD, ShardFile, read_shard
from trackbench.results.shards import PlannedDataset, RunKey


@dataclass(frozen=True)
class _Piece:
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


def merge_shards(paths: Sequence[Path], out: Path) -> None:
    """Put the shards of a plan together; parts are the same bytes as those of a whole run.

    Args:
        paths: the directories of all shards, in any order.
        out: the results directory to be written, which is not there yet, or empty.

    Raises:
        IncompatibleResultsError: they are not all shards of one plan, each once, or the truth of
            two differs.
        DamagedFileError: a file of one is damaged or was changed.
        TrackbenchError: a directory is no shard, or is not finished; or ``out`` cannot be written.
    """
    check_writable(out, "results")
    if is_there(out) and any(out.iterdir()):
        raise TrackbenchError(f"{out} is there and not empty: choose another {parameter('out')}")
    pieces = [_read(path, held) for path, held in _all_shards(paths)]
    datasets = {each.id: _merged_dataset(each.id, pieces) for each in pieces[0].held.plan.datasets}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with creating_folder(out, replaces_empty=True) as temporary:
            for dataset in datasets.values():
                _write_truth(temporary, dataset, pieces)
            _write_runs(temporary, pieces)
    except OSError as error:
        raise TrackbenchError(f"{out} cannot be written: {brief(error)}") from error


def _all_shards(paths: Sequence[Path]) -> list[tuple[Path, ShardFile]]:
    """Return the shards in their order, after they were found to be all of one plan."""
    found: dict[int, tuple[Path, ShardFile]] = {}
    first: tuple[Path, ShardFile] | None = None
    for path in paths:
        held = read_shard(path) if path.is_dir() else None
        if held is None:
            why = f"it has no {SHARD}" if path.is_dir() else "there is no such directory"
            raise TrackbenchError(f"{path} is no shard: {why}; see trackbench run --shard")
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


def _read(path: Path, held: ShardFile) -> _Piece:
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
            or not record.chunks.keys() <= shares.get(key, frozenset())
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
    return _Piece(path, held, runs, datasets)


def _merged_dataset(name: str, pieces: Sequence[_Piece]) -> DatasetRecord:
    """Return the record of a data set in all shards.

    Raises:
        IncompatibleResultsError: two of them have other truth in the same chunk.
    """
    holders = [piece for piece in pieces if name in piece.datasets]
    first = holders[0]
    merged = first.datasets[name]
    from_where = dict.fromkeys(merged.parts, first.path)
    for piece in holders[1:]:
        record = piece.datasets[name]
        if _bare(record) != _bare(merged):
            raise IncompatibleResultsError(
                f"{piece.path} and {first.path} describe {name} in different ways"
            )
        for chunk, sha256 in record.parts.items():
            if merged.parts.get(chunk, sha256) != sha256:
                raise IncompatibleResultsError(
                    f"{piece.path} holds other truth in part {chunk} of {name} than "
                    f"{from_where[chunk]}: they were not made by the same data set"
                )
            from_where.setdefault(chunk, piece.path)
        # Made of what no hash stands for in one of them, it is to be compared again.
        unseen = {
            chunk for each in (merged, record) for chunk in each.parts if chunk not in each.made_by
        }
        made_by = {**merged.made_by, **record.made_by}
        merged = replace(
            merged,
            parts={**merged.parts, **record.parts},
            made_by={chunk: code for chunk, code in made_by.items() if chunk not in unseen},
            mask_runs={**merged.mask_runs, **record.mask_runs},
            before_frames={**merged.before_frames, **record.before_frames},
            replaced=merged.replaced or record.replaced,
        )
    return merged


def _bare(record: DatasetRecord) -> DatasetRecord:
    return replace(record, parts={}, made_by={}, mask_runs={}, before_frames={}, replaced=False)


def _write_truth(out: Path, dataset: DatasetRecord, pieces: Sequence[_Piece]) -> None:
    folder = make_inside(out, "datasets", dataset.id)
    written: set[int] = set()
    for piece in pieces:
        record = piece.datasets.get(dataset.id)
        for chunk in () if record is None else record.parts:
            assert record is not None  # noqa: S101 - it has parts
            # Of those that several have each is read, for the sake of its hash.
            source = piece.path / "datasets" / dataset.id
            content = checked_content(source, part_of_truth(record, chunk))
            if chunk not in written:
                write_part(folder, chunk, content, replaces=False)
                written.add(chunk)
    save(dataset, folder / RECORD)


def _write_runs(out: Path, pieces: Sequence[_Piece]) -> None:
    """Write all runs but the repetitions that a whole run would have skipped."""
    plan = pieces[0].held.plan
    for tracker in plan.trackers:
        for dataset in plan.datasets:
            first: list[tuple[Path, RunRecord]] = []
            for run in range(plan.runs):
                # Three that are alike are read again, and only where there are more.
                if run == ENOUGH_ALIKE and identical(first):
                    break
                written = _write_run(out, (tracker.id, dataset.id, run), pieces)
                if run < ENOUGH_ALIKE:
                    first.append(written)


def _write_run(out: Path, key: RunKey, pieces: Sequence[_Piece]) -> tuple[Path, RunRecord]:
    found = [piece.runs[key] for piece in pieces if key in piece.runs]
    record = found[0][1]
    for _, other in found[1:]:
        record = _merged_run(record, other)
    names = run_place(out, record).folder.relative_to(out).parts
    folder = make_inside(out, *names)
    for place, part in found:
        for chunk in part.chunks:
            content = checked_content(place.folder, part_of_run(part, chunk))
            write_part(folder, chunk, content, replaces=False)
    save(record, folder / RECORD)
    return folder, record


def _merged_run(a: RunRecord, b: RunRecord) -> RunRecord:
    """Return the record of both, as if the second had gone on with the first."""
    failures = sorted((*a.failures, *b.failures), key=lambda failure: failure.sequence)
    return replace(
        a,
        chunks={**a.chunks, **b.chunks},
        failures=shortened(failures),
        versions=both_versions(a.versions, b.versions),
        processor=_joined(a.processor, b.processor),
        unhashed=_joined(a.unhashed or "", b.unhashed or "") or None,
        started=min(a.started, b.started),
        last_run=max(a.last_run, b.last_run),
    )


def _joined(before: str, now: str) -> str:
    """Return both texts, each once."""
    return "; ".join(dict.fromkeys(text for text in (*before.split("; "), now) if text))
