"""One stored run, read back: boxes, IoU, scores and cells of a tracker on a data set."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics import Metric, Trajectories
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.plugins.checked_sequence import RESERVED
from trackbench.results.folders import is_there
from trackbench.results.parquet import part_path
from trackbench.results.parquet_reading import check_hash, read_part
from trackbench.results.places import part_of_run, part_of_truth
from trackbench.results.records import DatasetRecord, RunRecord
from trackbench.results.truth_comparison import HEIGHT, WIDTH, sizes_of

_BOX = ("x", "y", "w", "h")
_CONFIDENCE, _ABSENT = "confidence", "absent"
"""Columns of a run whose tracker says such things."""
_VISIBILITY = "visibility"


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes:
        tracker, dataset, length: which.
        mean, std: of the sequences' scores; std is the sample's (N - 1), NaN for one sequence.
        sequences: how many.
        fps: frames/s inside the tracker, over the whole run.
        failures: spoiled sequences of the whole run.
        invalid: predictions that are no box, failures aside, of the whole run.
        peak_memory: bytes, the most that the tracker's process held; None: not known.
        absent: frames in which it said that there is no target, of the whole run.
        sees_future: it was handed whole videos.
    """

    tracker: str
    dataset: str
    length: int
    mean: float
    std: float
    sequences: int
    fps: float
    failures: int
    invalid: int
    peak_memory: int | None = None
    absent: int = 0
    sees_future: bool = False


@dataclass(frozen=True)
class Run:
    """One tracker on one data set, stored.

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
        """(N, T) IoU of every frame."""
        return np.concatenate(list(self._chunks("iou")))

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

        Raises:
            DamagedFileError: a file is missing or damaged.
        """
        for chunk in sorted(self.record.chunks):
            yield self._trajectories_of(chunk)

    def trajectory(self, sequence: int) -> Trajectories:
        """Return predictions and truth of one sequence, N = 1; only its chunk is read."""
        chunk, row = divmod(sequence, self.record.chunk)
        return self._trajectories_of(chunk).only(row)

    @cached_property
    def attribute_names(self) -> tuple[str, ...]:
        """What the data set says of every frame, in alphabetical order; often nothing."""
        first = self._read_truth(min(self.record.chunks), None)
        return tuple(sorted(first.keys() - RESERVED))

    def attributes(self, names: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
        """Yield attributes of every frame, (n, T) each, in the chunks of :meth:`trajectories`."""
        for chunk in sorted(self.record.chunks):
            yield self._read_truth(chunk, names)

    def _trajectories_of(self, chunk: int) -> Trajectories:
        predicted = self._read(chunk, ["iou", *_BOX], (_CONFIDENCE, _ABSENT))
        # Not every data set says what is hidden, and schema 1 not how large its frames are.
        truth = self._read_truth(chunk, _BOX, (_VISIBILITY, HEIGHT, WIDTH))
        return Trajectories(
            predicted=np.stack([predicted[name] for name in _BOX], axis=-1),
            truth=np.stack([truth[name] for name in _BOX], axis=-1),
            iou=predicted["iou"],
            visibility=truth.get(_VISIBILITY),
            frame=sizes_of(truth) if HEIGHT in truth else self.dataset.frame,
            confidence=predicted.get(_CONFIDENCE),
            absent=predicted.get(_ABSENT),
        )

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
        """Return (N, L): a metric of each sequence at each of the data set's lengths."""
        (scores,) = self.metrics([metric])
        return scores

    def metrics(self, metrics: Sequence[Metric]) -> list[NDArray[np.float64]]:
        """Return (N, L) for each of several metrics; the files are read once."""
        lengths = self.dataset.lengths
        chunks = [
            [metric.scores(tracked, lengths) for metric in metrics]
            for tracked in self.trajectories()
        ]
        return [np.concatenate(scores) for scores in zip(*chunks, strict=True)]

    def scores_at(self, lengths: tuple[int, ...]) -> NDArray[np.float64]:
        """Return (N, L): scores of the protocol at lengths of one's own choice."""
        return np.concatenate([self.protocol.scores(iou, lengths) for iou in self._chunks("iou")])

    def invalid_at(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many predictions are no box, failures aside, within each length."""
        per_frame = np.zeros(self.record.length, np.int64)
        for flags in self._chunks("invalid"):
            per_frame += flags.sum(axis=0)
        return tuple(int(per_frame[:length].sum()) for length in lengths)

    def failures_at(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many sequences are spoiled within each length."""
        frames = [failure.frame for failure in self.record.failures]
        return tuple(sum(frame < length for frame in frames) for length in lengths)

    def cells(self) -> list[Cell]:
        """Return a cell for each length."""
        return [
            Cell(
                tracker=self.record.tracker,
                dataset=self.record.dataset,
                length=length,
                mean=float(scores.mean()),
                std=float(scores.std(ddof=1)) if len(scores) > 1 else math.nan,
                sequences=len(scores),
                fps=self.record.fps,
                failures=len(self.record.failures),
                invalid=self.invalid,
                absent=self.absent,
                sees_future=self.record.sees_future,
                peak_memory=self.record.peak_memory or None,
            )
            for length, scores in zip(self.dataset.lengths, self.scores.T, strict=True)
        ]

    def _chunks(self, column: str) -> Iterator[NDArray[Any]]:
        """Yield a column, (n, T) for each chunk: memory must not grow with the frames."""
        _ = self._truth_is_held
        for chunk in sorted(self.record.chunks):
            yield self._read(chunk, [column])[column]

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
