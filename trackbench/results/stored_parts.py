"""The stored parts of one run, and of the truth that it was scored against, read as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.host.run_lengths import MaskRuns
from trackbench.plugins.checked_sequence import RESERVED
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.folders import is_there
from trackbench.results.parquet import Expected, part_path
from trackbench.results.parquet_reading import check_hash, read_masks, read_part
from trackbench.results.places import part_of_run, part_of_truth
from trackbench.results.run_record import RunRecord
from trackbench.results.truth_comparison import HEIGHT, WIDTH, sizes_of


@dataclass(frozen=True)
class StoredParts:
    """What is stored of one tracker on one data set, run once.

    Attributes:
        folder: that its record and its parts are in.
        record: of the run.
        dataset: record of the data set.
        truth_folder: that the parts with the truth are in.
    """

    folder: Path
    record: RunRecord
    dataset: DatasetRecord
    truth_folder: Path

    @property
    def is_plain(self) -> bool:
        """Whether all sequences have as many frames, and every frame a score."""
        unscored = any(chunk.unscored for chunk in self.record.chunks.values())
        return not self.record.frames_each and not unscored

    def column(self, name: str) -> Iterator[NDArray[Any]]:
        """Yield a column of the predictions, (n, T), so that memory does not grow with the frames.

        Chunk by chunk; sequence by sequence where they are not plain (:attr:`is_plain`).
        """
        self.check_truth()
        for chunk in sorted(self.record.chunks):
            values = self.read(chunk, [name])[name]
            if self.is_plain:
                yield values
            else:
                for row, frames in self.rows_of(chunk):
                    yield values[row : row + 1, :frames]

    @cached_property
    def attribute_names(self) -> tuple[str, ...]:
        """What the data set says of every frame, in alphabetical order; often nothing."""
        first = self.read_truth(min(self.record.chunks), None)
        return tuple(sorted(first.keys() - RESERVED))

    def attributes(self, names: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
        """Yield attributes of every frame, (n, T) each, in step with :meth:`column`."""
        for chunk in sorted(self.record.chunks):
            found = self.read_truth(chunk, names)
            if self.is_plain:
                yield found
            else:
                for row, frames in self.rows_of(chunk):
                    yield {name: values[row : row + 1, :frames] for name, values in found.items()}

    @cached_property
    def frame_sizes(self) -> NDArray[np.int64] | None:
        """(N, 2) height and width of each sequence's frames; None where they were not stored."""
        found = [
            self.read_truth(chunk, (), (HEIGHT, WIDTH)) for chunk in sorted(self.record.chunks)
        ]
        if not all(HEIGHT in sizes for sizes in found):
            return None
        return np.concatenate([sizes_of(sizes) for sizes in found])

    def masks(self, sequence: int) -> MaskRuns | None:
        """Return the masks that the tracker answered in one sequence, N = 1; None: none."""
        chunk = self.record.extent.part_of(sequence)
        return self._masks(self.folder, part_of_run(self.record, chunk), sequence)

    def every_mask(self) -> Iterator[tuple[int, MaskRuns]]:
        """Yield each sequence of which some mask was answered, and its masks, N = 1."""
        for chunk in sorted(self.record.chunks):
            part = part_of_run(self.record, chunk)
            if part.mask_runs:
                found = self._masks_in(self.folder, part)
                for at in range(part.sequences):
                    sequence = part.start + at
                    yield sequence, found.only(at, self.record.extent.frames_of(sequence))

    def true_masks(self, sequence: int) -> MaskRuns | None:
        """Return the true masks of one sequence, N = 1; None: the data set has none."""
        chunk = self.record.extent.part_of(sequence)
        part = part_of_truth(self.dataset, chunk, self.record.chunk)
        return self._masks(self.truth_folder, part, sequence)

    def _masks(self, folder: Path, part: Expected, sequence: int) -> MaskRuns | None:
        if not part.mask_runs:
            return None
        found = self._masks_in(folder, part)
        return found.only(sequence - part.start, self.record.extent.frames_of(sequence))

    def _masks_in(self, folder: Path, part: Expected) -> MaskRuns:
        sizes = sizes_of(self.read_truth(part.label.chunk, (HEIGHT, WIDTH)))
        return read_masks(folder, part, sizes)

    def read(
        self, chunk: int, columns: Sequence[str], optional: Sequence[str] = ()
    ) -> dict[str, NDArray[Any]]:
        """Return columns of a chunk's predictions, (n, T) each; see :func:`read_part`."""
        return read_part(self.folder, part_of_run(self.record, chunk), columns, optional)

    def read_truth(
        self, chunk: int, columns: Sequence[str] | None, optional: Sequence[str] = ()
    ) -> dict[str, NDArray[Any]]:
        """Return columns of a chunk's truth, (n, T) each; None: all of them."""
        part = part_of_truth(self.dataset, chunk, self.record.chunk)
        return read_part(self.truth_folder, part, columns, optional)

    def rows_of(self, chunk: int) -> Iterator[tuple[int, int]]:
        """Yield the place of each sequence in its part, and how many frames it has."""
        extent = self.record.extent
        for row, sequence in enumerate(extent.part(chunk)):
            yield row, extent.frames_of(sequence)

    def check_truth(self) -> None:
        """Make sure, once, that the truth that this was scored against is as it was stored.

        Truth that is not there is not asked for, nor that of schema 1, which kept no hashes.

        Raises:
            DamagedFileError: it was changed or exchanged: the scores are of something else.
        """
        _ = self._checked_chunks

    @cached_property
    def _checked_chunks(self) -> int:
        """The number of chunks whose truth is there and as it was stored."""
        checked = 0
        for chunk in sorted(self.record.chunks):
            part = part_of_truth(self.dataset, chunk, self.record.chunk)
            if part.sha256 is None:
                break
            if is_there(part_path(self.truth_folder, part)):
                check_hash(self.truth_folder, part)
                checked += 1
        return checked
