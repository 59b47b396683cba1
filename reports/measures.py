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
from trackbench.results.measured import Measured
from trackbench.results.over_runs import mean_over_runs, spread_between
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
            A mean that a sequence without a score makes NaN is over all, and leaves none out.
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
        refusals: why a toolkit has no number of a tracker on a data set, a sentence each.
    """

    metric: Metric | None
    numbers: Mapping[Key, Number]
    refusals: tuple[str, ...] = ()

    @property
    def there(self) -> bool:
        """Whether there is any number."""
        return any(not math.isnan(number.mean) for number in self.numbers.values())

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
    refusals: list[list[str]] = [[] for _ in metrics]
    for run in results.runs:
        keys = [(run.record.tracker, run.record.dataset, n) for n in run.dataset.lengths]
        by_sequence = run.dataset.by_sequence
        by_run = [by_sequence(each.scores)[None] for each in run.repeats]  # (1, N, L): of each run
        (columns,) = _numbers(by_run, intervals=options.intervals)
        found[0].update(zip(keys, columns, strict=True))
        measured = run.measured(metrics) if metrics else []
        of_metrics = zip(metrics, measured, found[1:], refusals, strict=True)
        for metric, (each, spread), numbers, reasons in of_metrics:
            scores = by_sequence(each.scores)
            columns = _of_metric(metric, each, scores, spread, intervals=options.intervals)
            numbers.update(zip(keys, columns, strict=True))
            if each.refusal is not None:
                reasons.append(each.refusal)
    return [
        Measure(None, found[0]),
        *(
            Measure(metric, numbers, tuple(reasons))
            for metric, numbers, reasons in zip(metrics, found[1:], refusals, strict=True)
        ),
    ]


def _of_metric(
    metric: Metric,
    measured: Measured,
    scores: NDArray[np.float64],
    spread: NDArray[np.float64],
    *,
    intervals: bool,
) -> list[Number]:
    """Return L numbers; one of all sequences together has no interval."""
    (numbers,) = _numbers([scores[None]], intervals=False)
    low = high = np.full(len(numbers), math.nan)
    if intervals and metric.pooled is None:
        low, high = _intervals(_linearised(measured).T)
    return [
        replace(
            number,
            mean=float(total),
            run_std=float(between),
            uncounted=0 if metric.strict else number.uncounted,
            low=float(low[column]),
            high=float(high[column]),
        )
        for column, (number, total, between) in enumerate(
            zip(numbers, measured.totals, spread, strict=True)
        )
    ]


def _linearised(measured: Measured) -> NDArray[np.float64]:
    """Return (N, L) numbers whose plain mean, and whose spread, are those of the weighted mean.

    Where sequences weigh alike they are the scores. NaN where a sequence does not count, and in a
    column without a number.
    """
    weights = np.nan_to_num(measured.weights)
    weights = np.where(weights > 0, weights, math.nan)
    counted = weights * ~np.isnan(measured.scores)
    heavy = np.where(counted > 0, counted, math.nan)
    mean_weight = np.nansum(counted, axis=0) / np.maximum((counted > 0).sum(axis=0), 1)
    share = np.divide(heavy, mean_weight, out=np.full(heavy.shape, math.nan), where=mean_weight > 0)
    if (share[~np.isnan(share)] == 1.0).all():
        return measured.scores + 0 * measured.totals
    linear: NDArray[np.float64] = measured.totals + share * (measured.scores - measured.totals)
    return linear


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
