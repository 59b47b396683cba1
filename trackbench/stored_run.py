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

from trackbench import store
from trackbench.errors import DamagedFileError
from trackbench.making import RESERVED
from trackbench.metrics import Metric, Trajectories
from trackbench.parts import columns_of, part_name, read_part
from trackbench.protocols import Protocol
from trackbench.records import DatasetRecord, RunRecord

_BOX = ("x", "y", "w", "h")
_VISIBILITY = "visibility"
_PLACE = ("sequence", "frame")
_NUMBERS = {*_PLACE, *_BOX, "iou", "invalid", "failed"}
"""Columns of ours; what a data set says besides may be of any kind."""


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


@dataclass(frozen=True)
class Run:
    """One tracker on one data set, stored."""

    folder: Path
    record: RunRecord
    dataset: DatasetRecord

    @property
    def protocol(self) -> Protocol:
        """What counts."""
        return Protocol.of(self.record.protocol)

    @cached_property
    def iou(self) -> NDArray[np.float64]:
        """(N, T) IoU of every frame."""
        return np.concatenate(list(self._chunks("iou")))

    @cached_property
    def invalid(self) -> int:
        """Number of predictions that are no box, failures aside."""
        return sum(int(flags.sum()) for flags in self._chunks("invalid"))

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """(N, L) score of each sequence at each of the data set's lengths."""
        return self.scores_at(self.dataset.lengths)

    @property
    def _truth_folder(self) -> Path:
        directory = self.folder.parents[3]  # DIR/runs/<tracker>/<data set>/<protocol>
        return store.Store(directory).dataset_folder(self.record.dataset)

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
        first = self._truth_folder / part_name(min(self.record.chunks))
        return tuple(sorted(columns_of(first) - RESERVED))

    def attributes(self, names: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
        """Yield attributes of every frame, (n, T) each, in the chunks of :meth:`trajectories`."""
        for chunk in sorted(self.record.chunks):
            yield self._read(self._truth_folder / part_name(chunk), chunk, list(names))

    def _trajectories_of(self, chunk: int) -> Trajectories:
        name = part_name(chunk)
        predicted = self._read(self.folder / name, chunk, ["iou", *_BOX])
        # Not every data set says what is hidden.
        said = sorted(columns_of(self._truth_folder / name) & {_VISIBILITY})
        truth = self._read(self._truth_folder / name, chunk, [*_BOX, *said])
        return Trajectories(
            predicted=np.stack([predicted[name] for name in _BOX], axis=-1),
            truth=np.stack([truth[name] for name in _BOX], axis=-1),
            iou=predicted["iou"],
            visibility=truth.get(_VISIBILITY),
            frame=self.dataset.frame,
        )

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
            )
            for length, scores in zip(self.dataset.lengths, self.scores.T, strict=True)
        ]

    def _chunks(self, column: str) -> Iterator[NDArray[Any]]:
        """Yield a column, (n, T) for each chunk: memory must not grow with the frames."""
        for chunk in sorted(self.record.chunks):
            path = self.folder / part_name(chunk)
            yield self._read(path, chunk, [column])[column]

    def _read(self, path: Path, chunk: int, columns: list[str]) -> dict[str, NDArray[Any]]:
        """Return columns of a chunk, (n, T) each.

        Raises:
            DamagedFileError: the file does not hold what a run stored there.
        """
        start = chunk * self.record.chunk
        count = min(self.record.chunk, self.record.sequences - start)
        shape = (count, self.record.length)
        found = read_part(path, [*_PLACE, *columns])
        for name, values in found.items():
            if values.size != math.prod(shape):
                raise DamagedFileError(f"{path} has {values.size} rows, not {math.prod(shape)}")
            if name in _NUMBERS and values.dtype.kind not in "biuf":
                raise DamagedFileError(f"{path}: its column {name} holds no numbers")
        place = np.mgrid[start : start + count, : self.record.length]
        if any((found.pop(name).reshape(shape) != place[i]).any() for i, name in enumerate(_PLACE)):
            raise DamagedFileError(f"{path} holds other sequences than it should, or in disorder")
        iou = found.get("iou", np.zeros(0))
        if not ((iou >= 0) & (iou <= 1)).all():
            raise DamagedFileError(f"{path} holds an IoU that is no number from 0 to 1")
        return {name: values.reshape(shape) for name, values in found.items()}
