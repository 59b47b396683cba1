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
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from trackbench.errors import TrackbenchError, parameter
from trackbench.results.chunk_merging import encoded, with_hash, with_outcome
from trackbench.results.chunks import Outcome, Truth
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.folders import make_inside, subfolders
from trackbench.results.locks import HeldError
from trackbench.results.lookup import find
from trackbench.results.moments import Moments
from trackbench.results.out_paths import check_out_folder
from trackbench.results.parquet import settle, write_part
from trackbench.results.parquet_reading import check_hash
from trackbench.results.places import (
    RunPlace,
    part_of_run,
    repeats_in,
    run_place,
)
from trackbench.results.record_file import RECORD, save
from trackbench.results.run_record import RunRecord
from trackbench.results.shard_file import SHARD
from trackbench.results.truths import Truths
from trackbench.results.version_locks import LOCK, VersionLocks


class Store:
    """A results directory that is written to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._truths = Truths(path)
        self._moments = Moments(path)
        self._noted: dict[str, DatasetRecord] = {}
        self._locks = VersionLocks(path)
        self._versions: dict[tuple[str, str, str], dict[str, str]] = {}

    def check_writable(self) -> None:
        """Make sure that results can be written here, before anything is computed.

        Raises:
            TrackbenchError: the path is a file or not writable, or a folder of something else.
        """
        check_out_folder(self.path, "results")
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
        found = find(self.path, self._truths, run)
        return None if found is None else found[1]

    @contextmanager
    def writing(
        self, run: RunRecord, dataset: DatasetRecord, *, fresh: bool = False
    ) -> Iterator[RunRecord]:
        """Hold a tracker's folder; yield what is stored of the run, read under the lock.

        What a killed run has left is removed, and the record says that the run was asked for now.
        Several runs of one version may be written at once.

        Args:
            run: what is to be run.
            dataset: on what, as :meth:`agree_on` returned it.
            fresh: forget what is stored of this tracker on this data set under this protocol, in
                all its versions and runs; and where the truth is other than was stored, replace
                it. To be said of the first run alone, before others of it are begun.

        Raises:
            TrackbenchError: another run holds it.
            IncompatibleResultsError: another run has begun here meanwhile with another choice of
                sequences, length or data.
            DamagedFileError: what is stored is damaged.
        """
        place = run_place(self.path, run)
        with self._locks.held(place, alone=fresh):
            self._noted[dataset.id] = self._truths.note(dataset, fresh=fresh)
            if fresh:
                _forget_others(place.of_version)
            make_inside(self.path, *place.folder.relative_to(self.path).parts)
            found = None if fresh else find(self.path, self._truths, run)
            yield self._begin(place, run, found)

    def asked(self, run: RunRecord) -> None:
        """Note that a run which is stored, and was not :meth:`writing`, was asked for now.

        It is shown from now on, though another version of the tracker may have been run since.
        """
        # Whoever holds the folder is running this version, and has noted that it was asked for.
        with suppress(HeldError), self._locks.held(run_place(self.path, run)):
            found = find(self.path, self._truths, run)
            if found is not None:
                place, record = found
                save(replace(record, last_run=self._moments.of(run)), place.folder / RECORD)

    def add(self, run: RunRecord, outcome: Outcome) -> RunRecord:
        """Store a chunk, in the place of what there was of it; return the record that names it.

        Raises:
            IncompatibleResultsError: its truth is not what is stored.
            TrackbenchError: the run's folder is no longer the one that is held.
        """
        chunk, truth = outcome.unit.chunk, outcome.truth
        if run.legacy:  # schema 1's stays as it is, and all of it is run anew beside it
            run = replace(run, chunks={}, failures=())
        place = run_place(self.path, run)
        self._locks.check(place)  # if the folder is another now, others may be writing to it
        folder = place.folder
        dataset = self._noted[run.dataset]
        truth_sha256 = self._truths.hold(dataset, chunk, truth, unseen=outcome.unseen)
        replaces = chunk in run.chunks
        run = with_outcome(run, outcome, truth_sha256, self._versions[_key(run)])
        content = encoded(run, outcome)
        sha256 = write_part(folder, chunk, content, replaces=replaces)
        run = with_hash(run, chunk, sha256)
        save(run, folder / RECORD)
        if replaces:
            settle(folder, _hashes(run))
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

    def _begin(
        self, place: RunPlace, run: RunRecord, found: tuple[RunPlace, RunRecord] | None
    ) -> RunRecord:
        """Write the record of a run that begins or goes on, and clear its folder."""
        self._versions[_key(run)] = run.versions
        asked = self._moments.of(run)
        if found is None:
            begun = replace(run, started=asked, last_run=asked)
        else:
            place, record = found
            begun = replace(record, last_run=asked)
        if not begun.legacy:
            for chunk in begun.chunks:
                check_hash(place.folder, part_of_run(begun, chunk))
        save(begun, place.folder / RECORD)
        if not begun.legacy:
            settle(place.folder, _hashes(begun))
        return begun


def _forget_others(folder: Path) -> None:
    """Remove what is stored beside run 0 in the folder of a version, which nobody else holds."""
    for other in (*subfolders(folder.parent), *repeats_in(folder)):
        if other != folder:
            # The record first: if this is killed, what is left without one is never read.
            (other / RECORD).unlink(missing_ok=True)
            shutil.rmtree(other)
    (folder.parent / RECORD).unlink(missing_ok=True)
    settle(folder.parent, {})


def _hashes(run: RunRecord) -> dict[int, str | None]:
    return {number: chunk.sha256 for number, chunk in run.chunks.items()}


def _key(run: RunRecord) -> tuple[str, str, str]:
    """Return what the runs of a version have in common."""
    return run.fingerprint, run.dataset, run.protocol


def _is_results(path: Path) -> bool:
    names = {entry.name for entry in path.iterdir()}
    begun = {name for name in names if name in {LOCK, SHARD} or name.startswith(f".{SHARD}.")}
    return (path / "runs").is_dir() or (path / "datasets").is_dir() or names == begun
