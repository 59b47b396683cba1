"""A tracker on a data set, read back: its runs, their mean, and the cells of tables.

A sequence's score is its mean over the runs, so that one run, or several that are identical, give
the numbers of that run to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.host.run_lengths import MaskRuns
from trackbench.metrics import Metric, Trajectories
from trackbench.metrics.evaluation_protocol import FULL, EvaluationProtocol
from trackbench.results.chunks import Failure, FailureKind
from trackbench.results.compared import Compared
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.measured import Measured, mean_of_runs
from trackbench.results.repeats import ENOUGH_ALIKE, identical
from trackbench.results.run_record import RunRecord
from trackbench.results.single_run import SingleRun

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes:
        tracker, dataset, length: which.
        full: the length is that of the longest sequence, and each counts to its end.
        mean, std: of the sequences' scores, each a mean over the runs; std is the sample's (N - 1),
            NaN for one sequence. Of runs from anchors a sequence's score is their mean.
        sequences: how many have a score: those that are long enough, and where the target is
            known.
        fps: frames/s inside the tracker, over all runs at their whole length.
        failures: spoiled sequences of all runs.
        invalid: predictions that are no box, failures aside, of all runs.
        peak_memory: bytes, the most that the tracker's process held; None: not known.
        sees_future: it was handed whole videos.
        absent: frames in which it said that there is no target, of all runs.
        runs: how many the means are over.
        run_std: standard deviation of the runs' mean scores (N - 1); NaN for one run.
        deterministic: three runs or more, and all have identical boxes.
        memory_limit: bytes that the tracker might take in every run, beyond what it imports; None:
            any. Who finds no memory may answer something else.
        imported: it was not run here: its boxes are of another program's files.
        compared: what IoU is of, ``"boxes"``, ``"masks"`` or ``"masks in part"``; the kinds are
            not comparable with each other.
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
    runs: int = 1
    run_std: float = math.nan
    deterministic: bool = False
    memory_limit: int | None = None
    imported: bool = False
    compared: str = Compared.BOXES.value
    full: bool = False

    @property
    def length_label(self) -> str:
        """The length as it stands in tables."""
        return FULL if self.full else str(self.length)

    def row(self) -> dict[str, Any]:
        """Return the cell for programs, by names of columns; of whole sequences ``"full"``."""
        found = asdict(self)
        if found.pop("full"):
            found["length"] = FULL
        return found


@dataclass(frozen=True)
class Run:
    """One tracker on one data set: its finished runs.

    Attributes:
        repeats: in order of their numbers, one or more.
    """

    repeats: tuple[SingleRun, ...]

    @property
    def record(self) -> RunRecord:
        """The record of the first run; what it says of the tracker holds for all of them."""
        return self.repeats[0].record

    @property
    def folder(self) -> Path:
        """That the record and the parts of the first run are in."""
        return self.repeats[0].folder

    @property
    def dataset(self) -> DatasetRecord:
        """Record of the data set."""
        return self.repeats[0].dataset

    @property
    def protocol(self) -> EvaluationProtocol:
        """What counts."""
        return self.repeats[0].protocol

    @property
    def records(self) -> Iterator[RunRecord]:
        """The records of all runs."""
        return (run.record for run in self.repeats)

    @property
    def compared(self) -> Compared:
        """What IoU is of, in all runs."""
        return Compared.of_all(record.compared for record in self.records)

    @property
    def memory_limit(self) -> int | None:
        """Bytes that the tracker might take in every run; None: any."""
        limits = (record.memory_limit for record in self.records)
        return min((limit for limit in limits if limit is not None), default=None)

    @cached_property
    def deterministic(self) -> bool:
        """Three runs or more, and all have identical boxes; nobody knows it of files."""
        if self.record.imported is not None:
            return False
        stored = [(run.folder, run.record) for run in self.repeats]
        return len(stored) >= ENOUGH_ALIKE and identical(stored)

    @cached_property
    def iou(self) -> Floats:
        """(N, T) IoU of every frame, mean over the runs."""
        return mean_over_runs(run.iou for run in self.repeats)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The sequences of all runs that the tracker spoiled."""
        return tuple(failure for record in self.records for failure in record.tracker_failures)

    @property
    def unreadable(self) -> tuple[Failure, ...]:
        """The sequences of all runs in which a frame could not be read; they have no score."""
        return tuple(
            failure
            for record in self.records
            for failure in record.failures
            if failure.kind is FailureKind.DATA
        )

    @property
    def missing(self) -> tuple[Failure, ...]:
        """The sequences of all runs of which nothing was imported; they have no score."""
        return tuple(
            failure
            for record in self.records
            for failure in record.failures
            if failure.kind is FailureKind.MISSING
        )

    @property
    def unscored(self) -> int:
        """Frames of the first run without a score, for there is no true box."""
        return sum(chunk.unscored for chunk in self.record.chunks.values())

    @property
    def invalid(self) -> int:
        """Number of predictions that are no box, failures aside, of all runs."""
        return sum(run.invalid for run in self.repeats)

    @property
    def absent(self) -> int:
        """Number of frames in which the tracker said that there is no target, of all runs."""
        return sum(run.absent for run in self.repeats)

    @property
    def is_plain(self) -> bool:
        """Whether all sequences have as many frames, and every frame a score."""
        return self.repeats[0].is_plain

    @property
    def seconds(self) -> float:
        """Spent inside the tracker, in all runs."""
        return sum(record.seconds for record in self.records)

    @property
    def frames(self) -> int:
        """Frames that the tracker answered, in all runs."""
        return sum(record.frames for record in self.records)

    @property
    def fps(self) -> float:
        """Frames per second of one worker, inside the tracker alone; NaN before any frame."""
        return self.frames / self.seconds if self.seconds else math.nan

    @property
    def peak_memory(self) -> int:
        """Bytes, the most that the tracker's process held in any run; 0: not known."""
        return max(record.peak_memory for record in self.records)

    @cached_property
    def scores(self) -> Floats:
        """(N, L) score of each sequence at each of the data set's lengths."""
        return mean_over_runs(run.scores for run in self.repeats)

    def scores_at(self, lengths: tuple[int, ...]) -> Floats:
        """Return (N, L): scores of the protocol at lengths of one's own choice."""
        return mean_over_runs(run.scores_at(lengths) for run in self.repeats)

    def metric(self, metric: Metric) -> Floats:
        """Return (N, L): a metric of each sequence at each of the data set's lengths."""
        (scores,) = self.metrics([metric])
        return scores

    def metrics(self, metrics: Sequence[Metric]) -> list[Floats]:
        """Return (N, L) for each of several metrics; the files are read once."""
        by_run = [run.metrics(metrics) for run in self.repeats]
        return [mean_over_runs(scores) for scores in zip(*by_run, strict=True)]

    def measured(
        self, metrics: Sequence[Metric], lengths: tuple[int, ...] | None = None
    ) -> list[tuple[Measured, Floats]]:
        """Return each of several metrics as tables have it, and the (L,) spread between runs.

        The spread is the standard deviation (N - 1) of the runs' numbers; NaN for one run.

        Args:
            metrics: which.
            lengths: at which; None: the data set's.
        """
        at = self.dataset.lengths if lengths is None else lengths
        by_run = [run.measured(metrics, at) for run in self.repeats]
        return [
            (mean_of_runs(list(runs), mean_over_runs), _spread([run.totals for run in runs]))
            for runs in zip(*by_run, strict=True)
        ]

    def run_stds(self, lengths: tuple[int, ...]) -> Floats:
        """Return (L,): standard deviation (N - 1) of the runs' mean scores; NaN for one run."""
        scored = lengths == self.dataset.lengths
        every = [run.scores if scored else run.scores_at(lengths) for run in self.repeats]
        return spread_between([self.dataset.by_sequence(scores) for scores in every])

    def invalid_at(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many predictions of all runs are no box, failures aside, within lengths."""
        return _sums(run.invalid_at(lengths) for run in self.repeats)

    def failures_at(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many sequences of all runs are spoiled within each length."""
        return _sums(run.failures_at(lengths) for run in self.repeats)

    def trajectories(self) -> Iterator[Trajectories]:
        """Yield predictions of the first run and truth, chunk by chunk."""
        return self.repeats[0].trajectories()

    def trajectory(self, sequence: int) -> Trajectories:
        """Return predictions of the first run and truth of one sequence, N = 1."""
        return self.repeats[0].trajectory(sequence)

    def masks(self, sequence: int) -> MaskRuns | None:
        """Return the masks of one sequence that the first run answered, N = 1; None: none."""
        return self.repeats[0].masks(sequence)

    @property
    def attribute_names(self) -> tuple[str, ...]:
        """What the data set says of every frame, in alphabetical order; often nothing."""
        return self.repeats[0].attribute_names

    def attributes(self, names: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
        """Yield what the data set says of every frame, chunk by chunk."""
        return self.repeats[0].attributes(names)

    @property
    def frame_sizes(self) -> NDArray[np.int64] | None:
        """(N, 2) height and width of each sequence's frames; None where they were not stored."""
        return self.repeats[0].frame_sizes

    def cells(self) -> list[Cell]:
        """Return a cell for each length."""
        lengths = self.dataset.lengths
        counted = self.dataset.by_sequence(self.scores)
        of_lengths = zip(lengths, counted.T, self.run_stds(lengths).tolist(), strict=True)
        return [
            Cell(
                tracker=self.record.tracker,
                dataset=self.record.dataset,
                length=length,
                mean=float(scores.mean()) if len(scores) else math.nan,
                std=float(scores.std(ddof=1)) if len(scores) > 1 else math.nan,
                sequences=len(scores),
                full=self.dataset.is_full(length),
                fps=self.fps,
                failures=len(self.failures),
                invalid=self.invalid,
                absent=self.absent,
                sees_future=self.record.sees_future,
                peak_memory=self.record.peak_memory or None,
                runs=len(self.repeats),
                run_std=run_std,
                deterministic=self.deterministic,
                memory_limit=self.memory_limit,
                imported=self.record.imported is not None,
                compared=self.compared.value,
            )
            for length, scores, run_std in (
                (length, column[~np.isnan(column)], run_std)
                for length, column, run_std in of_lengths
            )
        ]


def mean_over_runs(values: Iterable[Floats]) -> Floats:
    """Return the mean of arrays of one shape; of equal ones, and of one, exactly these numbers."""
    first, *others = values
    total = np.zeros_like(first)
    for other in others:
        total += other - first
    return first + total / (1 + len(others)) if others else first


def spread_between(scores: Sequence[Floats]) -> Floats:
    """Return (L,): the standard deviation (N - 1) of the mean scores of runs.

    Args:
        scores: of each run, (N, L); a sequence without a score in a run does not count there.
    """
    if len(scores) < 2:
        return np.full(scores[0].shape[1], np.nan)
    counted = [~np.isnan(each) for each in scores]
    sums = np.stack([np.nansum(each, axis=0) for each in scores])
    counts = np.stack([each.sum(axis=0) for each in counted])
    means = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    spread: Floats = (means - means[0]).std(axis=0, ddof=1)
    return spread


def _spread(totals: Sequence[Floats]) -> Floats:
    if len(totals) < 2:
        return np.full(totals[0].shape, np.nan)
    spread: Floats = (np.stack(totals) - totals[0]).std(axis=0, ddof=1)
    return spread


def _sums(counts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*counts, strict=True)))
