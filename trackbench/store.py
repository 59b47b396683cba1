"""The results directory: Parquet with a row per frame, and a JSON record beside it.

::

    DIR/datasets/<data set>/record.json                       what was tracked
    DIR/datasets/<data set>/part-00000.parquet                the truth and the attributes
    DIR/runs/<tracker>/<data set>/<protocol>/record.json      who tracked it, how fast, failures
    DIR/runs/<tracker>/<data set>/<protocol>/part-00000.parquet   the predictions and their IoU

A part is one chunk of sequences and is written whole before the record names it, so a killed run
loses at most the chunk in hand. A directory holds one choice of sequences and length for each data
set, so everything in it can be compared, sequence by sequence.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from trackbench import records
from trackbench.errors import IncompatibleResultsError, TrackbenchError
from trackbench.files import check_writable
from trackbench.metrics import valid
from trackbench.parts import part_name, write_part
from trackbench.records import ChunkRecord, DatasetRecord, RunRecord
from trackbench.work import Outcome

RECORD = "record.json"


class Store:
    """A results directory that is written to."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def check_writable(self) -> None:
        """Make sure that results can be written here, before anything is computed.

        Raises:
            TrackbenchError: the path is a file or not writable, or a folder of something else.
        """
        check_writable(self.path, "results")
        if self.path.is_dir() and any(self.path.iterdir()) and not _is_results(self.path):
            raise TrackbenchError(
                f"{self.path} is not empty and holds no results: choose another --out"
            )

    def agree_on(self, record: DatasetRecord) -> DatasetRecord:
        """Make sure that what is to be tracked is what this directory holds already, if anything.

        Returns:
            The record with the lengths of both.

        Raises:
            IncompatibleResultsError: it holds another choice of sequences, length or data.
        """
        path = self.dataset_folder(record.id) / RECORD
        if not path.exists():
            return record
        found = records.load(DatasetRecord, path)
        if found.fingerprint != record.fingerprint:
            raise IncompatibleResultsError(
                f"{self.path} holds results on other data under the name {record.id}: "
                "choose another --out"
            )
        if (found.sequences, found.length) != (record.sequences, record.length):
            raise IncompatibleResultsError(
                f"{self.path} holds {found.sequences} sequences of {found.length} frames of "
                f"{record.id}, not {record.sequences} of {record.length}: choose another --out"
            )
        lengths = tuple(sorted({*found.lengths, *record.lengths}))
        return replace(record, lengths=lengths, position=found.position)

    def resume(self, records_of_plan: list[RunRecord], *, fresh: bool = False) -> list[RunRecord]:
        """Return the stored record of each run, or the given one if there is none or ``fresh``.

        Raises:
            IncompatibleResultsError: something stored comes from another tracker of that name.
        """
        own = [self.run_folder(record) / RECORD for record in records_of_plan]
        kept = []
        for record, path in zip(records_of_plan, own, strict=True):
            for other in sorted(self.path.glob(f"runs/{record.tracker}/*/*/{RECORD}")):
                if fresh and other in own:
                    continue
                if records.load(RunRecord, other).fingerprint != record.fingerprint:
                    raise IncompatibleResultsError(
                        f"{other.parent} holds results of another {record.tracker} (other "
                        "parameters, weights or source): choose another --out, or replace them "
                        "with --fresh"
                    )
            if fresh or not path.exists():
                kept.append(record)
            else:
                found = records.load(RunRecord, path)
                kept.append(replace(found, versions=_both(found.versions, record.versions)))
        return kept

    @contextmanager
    def writing(self, record: RunRecord, dataset: DatasetRecord) -> Iterator[None]:
        """Hold the run's folder; a second process that wants it is refused.

        Raises:
            TrackbenchError: another run holds it.
            IncompatibleResultsError: another run has begun here meanwhile with another choice of
                sequences, length or data.
        """
        folder = self.run_folder(record)
        folder.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("w") as door:
            fcntl.flock(door, fcntl.LOCK_EX)  # until the choice is noted, one run at a time
            self.note(self.agree_on(dataset))
        with (folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise TrackbenchError(f"another run is writing to {folder}") from None
            yield

    def note(self, dataset: DatasetRecord) -> None:
        """Write what is tracked."""
        folder = self.dataset_folder(dataset.id)
        folder.mkdir(parents=True, exist_ok=True)
        records.save(dataset, folder / RECORD)

    def begin(self, run: RunRecord) -> None:
        """Write the record of a run that begins or goes on; parts it does not name are removed."""
        run_folder = self.run_folder(run)
        records.save(run, run_folder / RECORD)
        kept = {part_name(chunk) for chunk in run.chunks}
        for part in run_folder.glob("part-*.parquet"):
            if part.name not in kept:
                part.unlink()

    def add(self, run: RunRecord, outcome: Outcome) -> RunRecord:
        """Store a chunk and return the record that names it."""
        unit = outcome.unit
        name = part_name(unit.chunk)
        truth = self.dataset_folder(run.dataset) / name
        # Written anew by each tracker, the same bytes: a damaged part is mended on the way.
        write_part(truth, unit.start, outcome.truth.boxes, outcome.truth.attributes)
        failed = np.zeros(outcome.iou.shape, bool)
        for failure in outcome.failures:
            failed[failure.sequence - unit.start, failure.frame :] = True
        invalid = ~valid(outcome.boxes) & ~failed
        scored = {"iou": outcome.iou, "invalid": invalid, "failed": failed}
        write_part(self.run_folder(run) / name, unit.start, outcome.boxes, scored)
        run = replace(
            run,
            chunks={**run.chunks, unit.chunk: ChunkRecord(outcome.seconds, outcome.frames)},
            failures=tuple(
                sorted((*run.failures, *outcome.failures), key=lambda failure: failure.sequence)
            ),
        )
        records.save(run, self.run_folder(run) / RECORD)
        return run

    def dataset_folder(self, dataset: str) -> Path:
        """Return where the truth of a data set is stored."""
        return self.path / "datasets" / dataset

    def run_folder(self, run: RunRecord) -> Path:
        """Return where a run is stored."""
        return self.path / "runs" / run.tracker / run.dataset / run.protocol


def _both(before: dict[str, str], now: dict[str, str]) -> dict[str, str]:
    """Return library versions of a run that goes on; those that changed as ``1.0, then 1.1``."""
    merged = before | now
    for library in before.keys() & now.keys():
        if now[library] not in before[library].split(", then "):
            merged[library] = f"{before[library]}, then {now[library]}"
        else:
            merged[library] = before[library]
    return merged


def _is_results(path: Path) -> bool:
    return (path / "runs").is_dir() or (path / "datasets").is_dir()
