"""The numbers that tables are made of: mean IoU and metrics, for each tracker, data set, length."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics import Metric
from trackbench.report_contract import ReportOptions
from trackbench.reports.published_numbers import check_protocol
from trackbench.results.directory import Results
from trackbench.results.run import mean_over_runs, spread_between
from trackbench.statistics.bootstrap import mean_interval

Key = tuple[str, str, int]
"""Tracker id, data set id, length."""


@dataclass(frozen=True)
class Number:
    """A mean over sequences.

    Attributes:
        mean, std: of the sequences' scores; std is the sample's (N - 1). NaN where there is none.
        low, high: ends of the mean's 95 % confidence interval; NaN unless asked for.
        counted, uncounted: sequences that it is over, and those left out, for they have no score.
        run_std: standard deviation of the runs' means, the sample's; NaN for one run.
    """

    mean: float
    std: float
    low: float = math.nan
    high: float = math.nan
    counted: int = 0
    uncounted: int = 0
    run_std: float = math.nan


@dataclass(frozen=True)
class Measure:
    """One number for every tracker, data set and length that was run.

    Attributes:
        metric: which; None is mean IoU by the protocol of the results.
        numbers: all of them.
    """

    metric: Metric | None
    numbers: Mapping[Key, Number]

    @property
    def id(self) -> str:
        """The metric's id."""
        return self.metric.id if self.metric else "iou"


def measures(results: Results, options: ReportOptions) -> list[Measure]:
    """Return mean IoU, then each metric that ``options`` ask for.

    Raises:
        TrackbenchError: printed numbers are asked for beside those of another protocol.
        UnknownIdError: there is no such metric.
        DamagedFileError: a stored file is missing or damaged.
    """
    if options.with_published:
        check_protocol(results.protocol)
    metrics = [Metric.named(text) for text in options.metrics]
    found: list[dict[Key, Number]] = [{} for _ in range(1 + len(metrics))]
    for run in results.runs:
        # (R, M, N, L): of each run
        by_run = [
            np.stack([each.scores, *(each.metrics(metrics) if metrics else [])])
            for each in run.repeats
        ]
        for numbers, columns in zip(
            found, _numbers(by_run, intervals=options.intervals), strict=True
        ):
            keys = [(run.record.tracker, run.record.dataset, n) for n in run.dataset.lengths]
            numbers.update(zip(keys, columns, strict=True))
    return [
        Measure(metric, numbers) for metric, numbers in zip([None, *metrics], found, strict=True)
    ]


def _numbers(by_run: Sequence[NDArray[np.float64]], *, intervals: bool) -> list[list[Number]]:
    """Return M lists of L numbers from the (M, N, L) scores of each run; NaN is no score."""
    scores = mean_over_runs(by_run)
    measured, sequences, lengths = scores.shape
    spreads = [spread_between([each[m] for each in by_run]) for m in range(measured)]
    columns = scores.transpose(0, 2, 1).reshape(-1, sequences)
    numbers = [
        replace(_number(column), run_std=float(spread))
        for column, spread in zip(columns, np.concatenate(spreads), strict=True)
    ]
    if intervals:
        numbers = [
            replace(number, low=float(low), high=float(high))
            for number, low, high in zip(numbers, *_intervals(columns), strict=True)
        ]
    return [numbers[first : first + lengths] for first in range(0, measured * lengths, lengths)]


def _number(scores: NDArray[np.float64]) -> Number:
    counted = scores[~np.isnan(scores)]
    return Number(
        mean=float(counted.mean()) if counted.size else math.nan,
        std=float(counted.std(ddof=1)) if counted.size > 1 else math.nan,
        counted=counted.size,
        uncounted=scores.size - counted.size,
    )


def _intervals(columns: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both ends (R,) for the scores (R, N)."""
    low, high = np.full(len(columns), math.nan), np.full(len(columns), math.nan)
    counted = ~np.isnan(columns)
    whole = counted.all(axis=1)
    if whole.any():
        low[whole], high[whole] = mean_interval(columns[whole])  # together: they share the draws
    for row in np.flatnonzero(counted.any(axis=1) & ~whole):
        low[row], high[row] = mean_interval(columns[row, counted[row]])
    return low, high
