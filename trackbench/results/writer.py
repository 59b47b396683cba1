"""A results directory that is written to: chunk by chunk, under locks, beside what is there.

Where things are says :mod:`.places`. A part is one chunk of sequences and is written
whole before the record names it, with its hash, so a killed run loses at most the chunk in hand. A
directory holds one choice of sequences and length for each data set, so everything in it can be
compared, sequence by sequence. A tracker that has changed is another one: what is stored of it
before stays beside it, in a folder of its fingerprint.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from trackbench.errors import DamagedFileError, IncompatibleResultsError, TrackbenchError, parameter
from trackbench.metrics import valid
from trackbench.results.atomic_files import check_writable
from trackbench.results.chunks import Outcome, Truth
from trackbench.results.folders import make_inside, subfolders
from trackbench.results.kept_failures import shortened
from trackbench.results.locks import HeldError, Lock, locked
from trackbench.results.machine import now
from trackbench.results.parquet import encode_part, settle, write_part
from trackbench.results.parquet_reading import check_hash
from trackbench.results.places import (
    RunPlace,
    check_scored_against,
    legacy_place,
    part_of_run,
    run_place,
    run_places,
)
from trackbench.results.record_file import RECORD, save
from trackbench.results.records import ChunkRecord, DatasetRecord, RunRecord
from trackbench.results.truths import Truths

_LOCK = ".lock"


class Store:
    """A results directory that is written to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._truths = Truths(path)
        self._noted: dict[str, DatasetRecord] = {}
        self._locks: dict[Path, tuple[Lock, ...]] = {}
        self._versions: dict[tuple[str, str, str], dict[str, str]] = {}

    def check_writable(self) -> None:
        """Make sure that results can be written here, before anything is computed.

        Raises:
            TrackbenchError: the path is a file or not writable, or a folder of something else.
        """
        check_writable(self.path, "results")
        if self.path.is_dir() and any(self.path.iterdir()) and not _is_results(self.path):
            raise TrackbenchError(
                f"{self.path} is not empty and holds no results: choose another {parameter('out')}"
            )

    def agree_on(self, record: DatasetRecord, *, fresh: bool = False) -> DatasetRecord:
        """Make sure that what is to be tracked is what this directory holds already, if anything.

        Args:
            record: what is to be tracked.
            fresh: what is stored may be replaced.

        Returns:
            The record with the lengths of both.

        Raises:
            IncompatibleResultsError: it holds another choice of sequences, length or data.
        """
        return self._truths.agree_on(record, fresh=fresh)

    def other_data(self, record: DatasetRecord) -> DatasetRecord | None:
        """Return the record of other data that is stored under a data set's name; else None."""
        found = self._truths.stored(record.id)
        return None if found is None or found.fingerprint == record.fingerprint else found

    def stored(self, run: RunRecord) -> RunRecord | None:
        """Return what is stored of a run under its very fingerprint, by schema 1 too; else None.

        Raises:
            IncompatibleResultsError: it is of another choice, other data, or was scored against
                other truth than is stored.
            DamagedFileError: a record is damaged.
        """
        found = self._found(run)
        return None if found is None else found[1]

    @contextmanager
    def writing(
        self, run: RunRecord, dataset: DatasetRecord, *, fresh: bool = False
    ) -> Iterator[RunRecord]:
        """Hold a run's folder; yield what is stored of the run, read under the lock.

        What a killed run has left is removed, and the record says that the run was asked for now.

        Args:
            run: what is to be run.
            dataset: on what, as :meth:`agree_on` returned it.
            fresh: forget what is stored of this tracker on this data set under this protocol, in
                all its versions; and where the truth is other than was stored, replace it.

        Raises:
            TrackbenchError: another run holds it.
            IncompatibleResultsError: another run has begun here meanwhile with another choice of
                sequences, length or data.
            DamagedFileError: what is stored is damaged.
        """
        place = run_place(self.path, run)
        with self._held(place, alone=fresh) as self._locks[place.folder]:
            self._noted[dataset.id] = self._truths.note(dataset, fresh=fresh)
            if fresh:
                _forget_others(place.folder)
            found = None if fresh else self._found(run)
            yield self._begin(place, run, found)

    def asked(self, run: RunRecord) -> None:
        """Note that a run which is stored, and was not :meth:`writing`, was asked for now.

        It is shown from now on, though another version of the tracker may have been run since.
        """
        # Who holds it is running it, and has noted that.
        with suppress(HeldError), self._held(run_place(self.path, run)):
            found = self._found(run)
            if found is not None:
                place, record = found
                save(replace(record, last_run=self._moment(run)), place.folder / RECORD)

    def add(self, run: RunRecord, outcome: Outcome) -> RunRecord:
        """Store a chunk, in the place of what there was of it; return the record that names it.

        Raises:
            IncompatibleResultsError: its truth is not what is stored.
            TrackbenchError: the run's folder is no longer the one that is held.
        """
        unit = outcome.unit
        if run.legacy:  # it stays as it is, and all of it is run anew
            run = replace(run, chunks={}, failures=())
        folder = run_place(self.path, run).folder
        for lock in self._locks[folder]:  # or somebody else may be writing there, too
            lock.check()
        dataset = self._noted[run.dataset]
        chunk = ChunkRecord(
            seconds=outcome.seconds,
            frames=outcome.frames,
            truth_sha256=self._truths.hold(
                dataset, unit.chunk, outcome.truth, unseen=outcome.unseen
            ),
            timeout=outcome.timeout or None,
            memory=outcome.memory,
            peak_memory=outcome.peak_memory,
        )
        kept = [f for f in run.failures if not unit.start <= f.sequence < unit.stop]
        failures = sorted((*kept, *outcome.failures), key=lambda failure: failure.sequence)
        replaces = unit.chunk in run.chunks
        run = replace(
            run,
            chunks={**run.chunks, unit.chunk: chunk},
            failures=shortened(failures),
            versions=_both(run.versions, self._versions[_key(run)]),
        )
        content = _encoded(run, outcome)
        sha256 = write_part(folder, unit.chunk, content, replaces=replaces)
        run = replace(run, chunks={**run.chunks, unit.chunk: replace(chunk, sha256=sha256)})
        save(run, folder / RECORD)
        if replaces:
            settle(folder, {number: chunk.sha256 for number, chunk in run.chunks.items()})
        return run

    def chunks_to_compare(self, record: DatasetRecord) -> list[int]:
        """Return the chunks whose stored truth was made by other code than makes it now."""
        return self._truths.made_by_other_code(record)

    def compare(
        self, record: DatasetRecord, chunk: int, truth: Truth, *, unseen: bool = False
    ) -> None:
        """Compare the truth of a chunk, made just now, with what is stored, and note that it was.

        Args:
            record: of the data set.
            chunk: its number.
            truth: as it was made.
            unseen: of files that no hash stands for: it will be compared again.

        Raises:
            IncompatibleResultsError: it is not the same.
        """
        self._truths.hold(record, chunk, truth, unseen=unseen)

    def note(self, record: DatasetRecord) -> None:
        """Write what is tracked; lengths and parts that are stored already are kept."""
        self._truths.note(record)

    @contextmanager
    def _held(self, place: RunPlace, *, alone: bool = False) -> Iterator[tuple[Lock, ...]]:
        """Hold the folder of a version, made if it is not there; ``alone``: of all versions."""
        folder = make_inside(self.path, *place.folder.relative_to(self.path).parts)
        with ExitStack() as locks:
            try:
                # Nobody adds to any version while all of them are forgotten.
                held = (
                    locks.enter_context(
                        locked(folder.parent / _LOCK, shared=not alone, wait=False)
                    ),
                    locks.enter_context(locked(folder / _LOCK, wait=False)),
                )
            except HeldError as error:
                raise HeldError(f"another run is writing to {folder}") from error
            yield held

    def _found(self, run: RunRecord) -> tuple[RunPlace, RunRecord] | None:
        """Return where a run is stored under its fingerprint, and its record."""
        if run.unhashed is not None:  # another may be stored under it
            return None
        for place in (run_place(self.path, run), legacy_place(self.path, run)):
            if not place.there:
                continue
            record = place.load()
            if record.unhashed is not None:  # nothing stands for what decided its numbers
                continue
            if record.fingerprint == run.fingerprint and (record.chunks or place.version):
                self._check_same(record, run, place.folder)
                return place, record
        return None

    def _check_same(self, found: RunRecord, run: RunRecord, folder: Path) -> None:
        """Refuse a run of another choice, of other data, or scored against other truth."""
        names = ("sequences", "length", "chunk", "dataset_fingerprint")
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
        dataset = self._truths.stored(run.dataset)
        if dataset is not None:
            check_scored_against(found, dataset, folder)

    def _begin(
        self, place: RunPlace, run: RunRecord, found: tuple[RunPlace, RunRecord] | None
    ) -> RunRecord:
        """Write the record of a run that begins or goes on, and clear its folder."""
        self._versions[_key(run)] = run.versions
        moment = self._moment(run)
        if found is None:
            begun = replace(run, started=moment, last_run=moment)
        else:
            place, record = found
            begun = replace(record, last_run=moment)
        if not begun.legacy:
            for chunk in begun.chunks:
                check_hash(place.folder, part_of_run(begun, chunk))
        save(begun, place.folder / RECORD)
        if not begun.legacy:
            settle(place.folder, {n: chunk.sha256 for n, chunk in begun.chunks.items()})
        return begun

    def _moment(self, run: RunRecord) -> str:
        """Return the time: later than that of any other version of the tracker."""
        latest = ""
        for place in run_places(self.path, tracker=run.tracker):
            with suppress(DamagedFileError):  # whoever reads it for its numbers says so
                latest = max(latest, place.load().last_run)
        return now(after=latest)


def _encoded(run: RunRecord, outcome: Outcome) -> bytes:
    """Return the part of an outcome: predictions, their IoU, and what became of each frame."""
    unit = outcome.unit
    failed = np.zeros(outcome.iou.shape, bool)
    for failure in outcome.failures:
        failed[failure.sequence - unit.start, failure.frame :] = True
    absent = np.zeros(failed.shape, bool) if outcome.absent is None else outcome.absent
    invalid = ~valid(outcome.boxes) & ~failed & ~absent
    scored = {"iou": outcome.iou, "invalid": invalid, "failed": failed}
    # Only where a tracker says such things: what others have stored stays the same bytes.
    remarks = {"confidence": outcome.confidence, "absent": outcome.absent}
    scored |= {name: values for name, values in remarks.items() if values is not None}
    label = part_of_run(run, unit.chunk).label
    return encode_part(label, unit.start, outcome.boxes, scored)


def _forget_others(folder: Path) -> None:
    """Remove what is stored of a run beside the folder of its version: nobody else holds it."""
    for other in subfolders(folder.parent):
        if other != folder:
            (other / RECORD).unlink(missing_ok=True)  # first: without it the rest is not read
            shutil.rmtree(other)
    (folder.parent / RECORD).unlink(missing_ok=True)
    settle(folder.parent, {})


def _both(before: dict[str, str], now: dict[str, str]) -> dict[str, str]:
    """Return library versions of a run that goes on; those that changed as ``1.0, then 1.1``."""
    merged = before | now
    for library in before.keys() & now.keys():
        if now[library] not in before[library].split(", then "):
            merged[library] = f"{before[library]}, then {now[library]}"
        else:
            merged[library] = before[library]
    return merged


def _key(run: RunRecord) -> tuple[str, str, str]:
    return run.fingerprint, run.dataset, run.protocol


def _is_results(path: Path) -> bool:
    names = {entry.name for entry in path.iterdir()}
    return (path / "runs").is_dir() or (path / "datasets").is_dir() or names == {_LOCK}
