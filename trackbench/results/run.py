"""A tracker on a data set, read back: its runs, their mean, and the cells of tables.

A sequence's score is its mean over the runs, so that one run, or several that are identical, give
the numbers of that run to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.host.run_lengths import MaskRuns
from trackbench.metrics import Metric, Trajectories
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.results.cell import Cell
from trackbench.results.chunks import Failure, FailureKind
from trackbench.results.compared import Compared
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.measured import Measured, mean_of_runs
from trackbench.results.over_runs import (
    Floats,
    mean_over_runs,
    spread_between,
    spread_of_totals,
    summed_over_runs,
)
from trackbench.results.repeats import ENOUGH_ALIKE, identical
from trackbench.results.run_record import RunRecord
from trackbench.results.single_run import SingleRun


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
            (mean_of_runs(list(runs)), spread_of_totals([run.totals for run in runs]))
            for runs in zip(*by_run, strict=True)
        ]

    def run_stds(self, lengths: tuple[int, ...]) -> Floats:
        """Return (L,): standard deviation (N - 1) of the runs' mean scores; NaN for one run."""
        scored = lengths == self.dataset.lengths
        every = [run.scores if scored else run.scores_at(lengths) for run in self.repeats]
        return spread_between([self.dataset.by_sequence(scores) for scores in every])

    def invalid_at(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many predictions of all runs are no box, failures aside, within lengths."""
        return summed_over_runs(run.invalid_at(lengths) for run in self.repeats)

    def failures_at(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many sequences of all runs are spoiled within each length."""
        return summed_over_runs(run.failures_at(lengths) for run in self.repeats)

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
