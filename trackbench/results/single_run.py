"""One stored run, read back: boxes, IoU and scores of a tracker on a data set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.host.run_lengths import MaskRuns
from trackbench.metrics import Metric, Trajectories
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.plugins.checked_sequence import RESERVED
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.folders import is_there
from trackbench.results.measured import Gathering, Measured, at_lengths
from trackbench.results.parquet import Expected, part_path
from trackbench.results.parquet_reading import check_hash, read_masks, read_part
from trackbench.results.places import part_of_run, part_of_truth
from trackbench.results.run_record import RunRecord
from trackbench.results.truth_comparison import ABSENT as TARGET_ABSENT
from trackbench.results.truth_comparison import (
    ABSENT_ROW,
    HEIGHT,
    WIDTH,
    absent_rows_of,
    sizes_of,
)

_BOX = ("x", "y", "w", "h")
_CONFIDENCE, _ABSENT = "confidence", "absent"
"""Columns of a run whose tracker says such things."""
_VISIBILITY = "visibility"
_HIDDEN = ("full_occlusion", "out_of_view")
"""Flags of LaSOT's layout."""


@dataclass(frozen=True)
class SingleRun:
    """One tracker on one data set, run once, stored.

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
    def protocol(self) -> EvaluationProtocol:
        """What counts."""
        return EvaluationProtocol.of(self.record.protocol)

    @cached_property
    def iou(self) -> NDArray[np.float64]:
        """(N, T) IoU of every frame; NaN where it has none, or the sequence has ended."""
        padded = np.full((self.record.sequences, self.record.length), np.nan)
        at = 0
        for iou in self._chunks("iou"):
            padded[at : at + len(iou), : iou.shape[1]] = iou
            at += len(iou)
        return padded

    @property
    def invalid(self) -> int:
        """Number of predictions that are no box, failures aside."""
        return self._invalid_and_absent[0]

    @property
    def absent(self) -> int:
        """Number of frames in which the tracker said that there is no target."""
        return self._invalid_and_absent[1]

    @cached_property
    def _invalid_and_absent(self) -> tuple[int, int]:
        """Both counts: every part is read, and held to its hash, once for them."""
        _ = self._truth_is_held
        invalid = absent = 0
        for chunk in sorted(self.record.chunks):
            part = self._read(chunk, ["invalid"], (_ABSENT,))
            invalid += int(part["invalid"].sum())
            absent += int(part[_ABSENT].sum()) if _ABSENT in part else 0
        return invalid, absent

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """(N, L) score of each sequence at each of the data set's lengths."""
        return self.scores_at(self.dataset.lengths)

    def trajectories(self) -> Iterator[Trajectories]:
        """Yield predictions and truth, chunk by chunk: memory must not grow with the sequences.

        Sequences that differ in their frames, or have frames without a true box, come one by one.

        Raises:
            DamagedFileError: a file is missing or damaged.
        """
        for chunk in sorted(self.record.chunks):
            tracked = self._trajectories_of(chunk)
            if self.is_plain:
                yield tracked
            else:
                for row, frames in self._rows(chunk):
                    yield tracked.only(row).until(frames)

    def trajectory(self, sequence: int) -> Trajectories:
        """Return predictions and truth of one sequence, N = 1; only its chunk is read."""
        extent = self.record.extent
        chunk = extent.part_of(sequence)
        row = sequence - extent.part(chunk).start
        return self._trajectories_of(chunk).only(row).until(extent.frames_of(sequence))

    @cached_property
    def attribute_names(self) -> tuple[str, ...]:
        """What the data set says of every frame, in alphabetical order; often nothing."""
        first = self._read_truth(min(self.record.chunks), None)
        return tuple(sorted(first.keys() - RESERVED))

    def attributes(self, names: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
        """Yield attributes of every frame, (n, T) each, in step with :meth:`trajectories`."""
        for chunk in sorted(self.record.chunks):
            found = self._read_truth(chunk, names)
            if self.is_plain:
                yield found
            else:
                for row, frames in self._rows(chunk):
                    yield {name: values[row : row + 1, :frames] for name, values in found.items()}

    def _trajectories_of(self, chunk: int) -> Trajectories:
        predicted = self._read(chunk, ["iou", *_BOX], (_CONFIDENCE, _ABSENT))
        # Not every data set says what is hidden, and schema 1 not how large its frames are.
        beside = (_VISIBILITY, HEIGHT, WIDTH, TARGET_ABSENT, *ABSENT_ROW, *_HIDDEN)
        truth = self._read_truth(chunk, _BOX, beside)
        return Trajectories(
            predicted=np.stack([predicted[name] for name in _BOX], axis=-1),
            truth=np.stack([truth[name] for name in _BOX], axis=-1),
            iou=predicted["iou"],
            visibility=truth.get(_VISIBILITY),
            frame=sizes_of(truth) if HEIGHT in truth else self.dataset.frame,
            confidence=predicted.get(_CONFIDENCE),
            absent=predicted.get(_ABSENT),
            nowhere=truth.get(TARGET_ABSENT),
            absent_rows=absent_rows_of(truth),
            as_written=self.record.imported is not None,
            flagged=_any_of([truth[name] for name in _HIDDEN if name in truth]),
            layout=self.dataset.layout,
            run_of=self._run_of(chunk),
        )

    def _run_of(self, chunk: int) -> NDArray[np.int64] | None:
        """Return (n, 2): of each run of a chunk its sequence, and how many frames that has."""
        if self.dataset.anchored is None:
            return None
        runs = self.record.extent.part(chunk)
        starts = self.dataset.anchored.starts[runs.start : runs.stop]
        return np.array([(start.sequence, start.frames) for start in starts], np.int64)

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
        sizes = sizes_of(self._read_truth(part.label.chunk, (HEIGHT, WIDTH)))
        return read_masks(folder, part, sizes)

    @cached_property
    def frame_sizes(self) -> NDArray[np.int64] | None:
        """(N, 2) height and width of each sequence's frames; None where they were not stored."""
        found = [
            self._read_truth(chunk, (), (HEIGHT, WIDTH)) for chunk in sorted(self.record.chunks)
        ]
        if not all(HEIGHT in sizes for sizes in found):
            return None
        return np.concatenate([sizes_of(sizes) for sizes in found])

    def metric(self, metric: Metric) -> NDArray[np.float64]:
        """Return (N, L): a metric of each sequence at each of the data set's lengths.

        Raises:
            ToolkitRefusesError: the toolkit has no number for one of them.
        """
        (scores,) = self.metrics([metric])
        return scores

    def metrics(self, metrics: Sequence[Metric]) -> list[NDArray[np.float64]]:
        """Return (N, L) for each of several metrics; the files are read once.

        Raises:
            ToolkitRefusesError: a toolkit has no number for one of the sequences.
        """
        found = self.measured(metrics, self.dataset.lengths)
        for measured in found:
            if measured.refusal is not None:
                raise ToolkitRefusesError(measured.refusal)
        return [measured.scores for measured in found]

    def measured(self, metrics: Sequence[Metric], lengths: tuple[int, ...]) -> list[Measured]:
        """Return each of several metrics as tables have it, at lengths; the files are read once."""
        tracker = self.record.tracker
        gathering = [Gathering(metric, tracker, self.dataset, lengths) for metric in metrics]
        for tracked in self.trajectories():
            for each in gathering:
                each.add(tracked)
        return [each.measured() for each in gathering]

    def scores_at(self, lengths: tuple[int, ...]) -> NDArray[np.float64]:
        """Return (N, L): scores of the protocol at lengths of one's own choice."""
        score = self.protocol.scores
        return np.concatenate(
            [self._scores(partial(score, iou), iou, lengths) for iou in self._chunks("iou")]
        )

    def _scores(
        self,
        score: Callable[[tuple[int, ...]], NDArray[np.float64]],
        iou: NDArray[np.float64],
        lengths: tuple[int, ...],
    ) -> NDArray[np.float64]:
        """Return (n, L) scores of sequences of one length; NaN where they are too short."""
        return at_lengths(score, iou, self.dataset, lengths)

    def invalid_at(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many predictions are no box, failures aside, within each length."""
        per_frame = np.zeros(self.record.length, np.int64)
        for flags in self._chunks("invalid"):
            per_frame[: flags.shape[1]] += flags.sum(axis=0)
        return tuple(int(per_frame[:length].sum()) for length in lengths)

    def failures_at(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many sequences are spoiled within each length."""
        frames = [failure.frame for failure in self.record.tracker_failures]
        return tuple(sum(frame < length for frame in frames) for length in lengths)

    def _chunks(self, column: str) -> Iterator[NDArray[Any]]:
        """Yield a column in step with :meth:`trajectories`: memory does not grow with frames."""
        _ = self._truth_is_held
        for chunk in sorted(self.record.chunks):
            values = self._read(chunk, [column])[column]
            if self.is_plain:
                yield values
            else:
                for row, frames in self._rows(chunk):
                    yield values[row : row + 1, :frames]

    @property
    def is_plain(self) -> bool:
        """Whether all sequences have as many frames, and every frame a score."""
        unscored = any(chunk.unscored for chunk in self.record.chunks.values())
        return not self.record.frames_each and not unscored

    def _rows(self, chunk: int) -> Iterator[tuple[int, int]]:
        """Yield the place of each sequence in its part, and how many frames it has."""
        extent = self.record.extent
        for row, sequence in enumerate(extent.part(chunk)):
            yield row, extent.frames_of(sequence)

    @cached_property
    def _truth_is_held(self) -> bool:
        """Whether the truth that this was scored against is as it was stored, where it is there.

        Raises:
            DamagedFileError: it was changed or exchanged: the scores are of something else.
        """
        for chunk in sorted(self.record.chunks):
            part = part_of_truth(self.dataset, chunk, self.record.chunk)
            if part.sha256 is None:
                return False  # schema 1 kept no hashes
            if is_there(part_path(self.truth_folder, part)):
                check_hash(self.truth_folder, part)
        return True

    def _read(
        self, chunk: int, columns: Sequence[str], optional: Sequence[str] = ()
    ) -> dict[str, NDArray[Any]]:
        """Return columns of a chunk's predictions, (n, T) each; see :func:`read_part`."""
        return read_part(self.folder, part_of_run(self.record, chunk), columns, optional)

    def _read_truth(
        self, chunk: int, columns: Sequence[str] | None, optional: Sequence[str] = ()
    ) -> dict[str, NDArray[Any]]:
        """Return columns of a chunk's truth, (n, T) each; None: all of them."""
        part = part_of_truth(self.dataset, chunk, self.record.chunk)
        return read_part(self.truth_folder, part, columns, optional)


def _any_of(flags: list[NDArray[Any]]) -> NDArray[np.bool_] | None:
    """Return (n, T): any of them says so; None if there is none."""
    return np.any([each.astype(bool) for each in flags], axis=0) if flags else None
