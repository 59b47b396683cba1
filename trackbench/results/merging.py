"""Shards put together: checked one by one and against each other, and written as the whole is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from trackbench.errors import (
    IncompatibleResultsError,
    TrackbenchError,
    brief,
    parameter,
)
from trackbench.results.atomic_files import creating_folder
from trackbench.results.chunk_merging import both_versions, joined
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.folders import is_there, make_inside
from trackbench.results.kept_failures import shortened
from trackbench.results.out_paths import check_out_folder
from trackbench.results.parquet import write_part
from trackbench.results.parquet_reading import checked_content
from trackbench.results.places import (
    part_of_run,
    part_of_truth,
    run_place,
)
from trackbench.results.record_file import RECORD, save
from trackbench.results.repeats import ENOUGH_ALIKE, identical
from trackbench.results.run_record import RunRecord
from trackbench.results.shard_reading import Piece, pieces_of
from trackbench.results.shards import RunKey


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
    check_out_folder(out, "results")
    if is_there(out) and any(out.iterdir()):
        raise TrackbenchError(f"{out} is there and not empty: choose another {parameter('out')}")
    pieces = pieces_of(paths)
    datasets = {each.id: _merged_dataset(each.id, pieces) for each in pieces[0].held.plan.datasets}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with creating_folder(out, replaces_empty=True) as temporary:
            for dataset in datasets.values():
                _write_truth(temporary, dataset, pieces)
            _write_runs(temporary, pieces)
    except OSError as error:
        raise TrackbenchError(f"{out} cannot be written: {brief(error)}") from error


def _merged_dataset(name: str, pieces: Sequence[Piece]) -> DatasetRecord:
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


def _write_truth(out: Path, dataset: DatasetRecord, pieces: Sequence[Piece]) -> None:
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


def _write_runs(out: Path, pieces: Sequence[Piece]) -> None:
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


def _write_run(out: Path, key: RunKey, pieces: Sequence[Piece]) -> tuple[Path, RunRecord]:
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
        processor=joined(a.processor, b.processor),
        unhashed=joined(a.unhashed or "", b.unhashed or "") or None,
        started=min(a.started, b.started),
        last_run=max(a.last_run, b.last_run),
    )
