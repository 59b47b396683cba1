"""The truth in a results directory: stored once, and compared with by everyone who comes after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import Enum
from functools import cache, partial
from pathlib import Path

from trackbench.errors import DamagedFileError, IncompatibleResultsError, parameter
from trackbench.results.chunks import Truth
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.folders import is_there, make_inside
from trackbench.results.legacy_truth import adopted, unnamed_parts
from trackbench.results.locks import locked
from trackbench.results.parquet import (
    Expected,
    encode_part,
    settle,
    sha256_of,
    write_part,
)
from trackbench.results.parquet_reading import read_masks, read_part
from trackbench.results.places import dataset_folder, load_dataset, part_of_truth
from trackbench.results.record_file import RECORD, save
from trackbench.results.truth_comparison import (
    FRAME_HASH,
    first_difference,
    sizes_of,
    truth_columns,
)


class _Stored(Enum):
    """What is stored of a chunk's truth, beside what was made just now."""

    NOTHING = "nothing"
    SAME = "the same"
    LESS = "the same, as far as schema 1, or an import of results, stored it"
    OTHER = "something else, or what cannot be read, and it may be replaced"


class Truths:
    """The data sets of a results directory that is written to.

    Whoever writes here holds the directory's lock, reads again what is there, and adds to it: so
    runs that go on at the same time lose nothing of each other.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fresh: set[str] = set()
        self._held: set[tuple[str, int]] = set()

    def stored(self, dataset: str) -> DatasetRecord | None:
        """Return the record of a data set; None: there is none."""
        file = dataset_folder(self.path, dataset) / RECORD
        return load_dataset(self.path, dataset) if is_there(file) else None

    def agree_on(self, record: DatasetRecord, *, fresh: bool) -> DatasetRecord:
        """Make sure that what is to be tracked is what is here already; see ``Store.agree_on``."""
        found = self._stored_or_damaged(record.id, fresh=fresh)
        if found is None or (fresh and not _same_data(found, record)):
            return record
        if found.fingerprint != record.fingerprint:
            raise IncompatibleResultsError(
                f"{self.path} holds results on other data under the name {record.id}: "
                f"choose another {parameter('out')}, or replace them with "
                f"{parameter('fresh', True)}"
            )
        if not found.same_choice(record):
            raise IncompatibleResultsError(
                f"{self.path} holds {found.sequences} sequences of {_frames(found)} frames of "
                f"{record.id}, not {record.sequences} of {_frames(record)}{_cut(found, record)}: "
                f"choose another {parameter('out')}, or replace them with "
                f"{parameter('fresh', True)}"
            )
        lengths = tuple(sorted({*found.lengths, *record.lengths}))
        return replace(record, lengths=lengths, position=found.position)

    def note(self, record: DatasetRecord, *, fresh: bool = False) -> DatasetRecord:
        """Write what is tracked, with the lengths and parts that are stored already.

        Args:
            record: what is tracked.
            fresh: from now on truth that is not the same is replaced, each part once. Of another
                choice, or other data, nothing is kept.

        Raises:
            IncompatibleResultsError: another run has noted another choice or data meanwhile.
        """
        with self._locked(record.id) as folder:
            agreed = self.agree_on(record, fresh=fresh)
            before = self._stored_or_damaged(record.id, fresh=fresh)
            if before is not None and _same_data(before, record):
                before = adopted(folder, before, record, fresh=fresh)
                agreed = replace(
                    agreed,
                    parts=before.parts,
                    made_by=before.made_by,
                    replaced=before.replaced,
                    before_frames=before.before_frames,
                    mask_runs=before.mask_runs,
                )
            elif (folder / RECORD).exists():
                agreed = replace(agreed, replaced=True)
            if fresh:
                self._fresh.add(record.id)
            save(agreed, folder / RECORD)
            settle(folder, agreed.parts)
        return agreed

    def hold(self, record: DatasetRecord, chunk: int, truth: Truth, *, unseen: bool = False) -> str:
        """Store the truth of a chunk, or compare it with what is stored.

        Args:
            record: as it was noted.
            chunk: its number.
            truth: as it was made just now.
            unseen: of files that no hash stands for, so that it is to be compared each time.

        Returns:
            The SHA-256 of the stored part.

        Raises:
            IncompatibleResultsError: other truth is stored, or another choice was noted meanwhile.
            DamagedFileError: what is stored cannot be read.
        """
        with self._locked(record.id) as folder:
            stored = self.stored(record.id)
            if stored is None or not _same_data(stored, record):
                raise IncompatibleResultsError(
                    f"another run has replaced {record.id} in {self.path} meanwhile: choose "
                    f"another {parameter('out')}, or run it anew with {parameter('fresh', True)}"
                )
            before = stored
            stored = adopted(folder, stored, record, fresh=record.id in self._fresh)
            part = part_of_truth(stored, chunk)
            runs = 0 if truth.masks is None else len(truth.masks.counts)
            made = replace(part, label=replace(part.label, masks=bool(runs)), mask_runs=runs)
            # Encoded when it is asked for: most often the truth is the same, and nobody asks.
            content = cache(partial(_encoded, made, truth))
            found = self._judge(folder, stored, part, truth, content)
            self._held.add((record.id, chunk))
            sha256 = part.sha256
            if sha256 is None or found is not _Stored.SAME:
                sha256 = write_part(folder, chunk, content(), replaces=sha256 is not None)
            code = None if unseen else record.code_sha256
            held = stored.with_part(chunk, sha256, code, runs)
            if found is _Stored.LESS and part.sha256 is not None:
                held = held.with_frames_seen(chunk, part.sha256)
            held = replace(held, replaced=stored.replaced or found is _Stored.OTHER)
            if held != before:
                save(held, folder / RECORD)
                settle(folder, held.parts)
        return sha256

    def made_by_other_code(self, record: DatasetRecord) -> list[int]:
        """Return the chunks whose stored truth was made by other code than makes it now."""
        found = self.stored(record.id)
        if found is None:
            return []
        if found.chunk is None:
            found = replace(found, chunk=record.chunk)
            chunks = unnamed_parts(dataset_folder(self.path, record.id), found)
        else:
            chunks = sorted(found.parts)
        return [n for n in chunks if found.made_by.get(n) != record.code_sha256]

    def _judge(
        self,
        folder: Path,
        stored: DatasetRecord,
        part: Expected,
        truth: Truth,
        content: Callable[[], bytes],
    ) -> _Stored:
        """Say what the stored part is beside what was made; raise if it may not be replaced."""
        if part.sha256 is None:
            return _Stored.NOTHING
        may_replace = (stored.id, part.label.chunk) not in self._held and stored.id in self._fresh
        try:
            found = read_part(folder, part, None)
            masks = read_masks(folder, part, sizes_of(found)) if part.mask_runs else None
        except DamagedFileError:
            if sha256_of(content()) == part.sha256:  # the file was as this is: it is mended
                write_part(folder, part.label.chunk, content(), replaces=False)
                return _Stored.SAME
            if may_replace:
                return _Stored.OTHER
            raise
        difference = first_difference(found, truth, masks)
        if difference is None:
            seen = FRAME_HASH in found or truth.frame_hashes is None
            return _Stored.SAME if seen else _Stored.LESS
        if may_replace:
            return _Stored.OTHER
        sequence, what = difference
        raise IncompatibleResultsError(
            f"{stored.id} is not what {self.path} holds: sequence {part.start + sequence} has "
            f"other {what} than were stored; choose another {parameter('out')}, or run anew with "
            f"{parameter('fresh', True)}"
        )

    def _stored_or_damaged(self, dataset: str, *, fresh: bool) -> DatasetRecord | None:
        """Return the record; None: there is none, or it is damaged and may be replaced."""
        try:
            return self.stored(dataset)
        except DamagedFileError:
            if not fresh:
                raise
            return None

    @contextmanager
    def _locked(self, dataset: str) -> Iterator[Path]:
        """Hold the directory, and yield the folder of a data set, made if it is not there."""
        make_inside(self.path)
        with locked(self.path / ".lock"):
            yield make_inside(self.path, "datasets", dataset)


def _encoded(part: Expected, truth: Truth) -> bytes:
    columns, each = truth_columns(truth), part.frames_each
    return encode_part(part.label, part.start, truth.boxes, columns, each, truth.masks)


def _same_data(a: DatasetRecord, b: DatasetRecord) -> bool:
    return a.fingerprint == b.fingerprint and a.same_choice(b)


def _frames(record: DatasetRecord) -> str:
    return f"up to {record.length}" if record.frames_each else str(record.length)


def _cut(a: DatasetRecord, b: DatasetRecord) -> str:
    """Say how two choices are cut, where that is what they differ in."""
    if (a.sequences, a.length) != (b.sequences, b.length):
        return ""
    if a.frames_each != b.frames_each:
        return " (and others of them are shorter)"
    if a.full != b.full:
        return " (and scored at other lengths)"
    return f" (in parts of {a.chunk}, not {b.chunk})"
