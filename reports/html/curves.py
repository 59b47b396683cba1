"""What charts are drawn from, computed chunk by chunk so that memory grows with no data set."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics import OTB_THRESHOLDS, Trajectories, box_iou, success_curve
from trackbench.reports.html.bins import Bins
from trackbench.results.directory import Results
from trackbench.results.over_runs import mean_over_runs
from trackbench.results.run import Run

BAND = 1.96
"""Standard errors: a 95 % confidence interval of the mean, at each frame by itself."""


@dataclass(frozen=True)
class Binned:
    """Mean IoU by an attribute.

    Attributes:
        frames: (B,) how many are in each bin.
        total: (B,) the sum of their IoU.
        without: frames for which the data set gives no number.
    """

    frames: NDArray[np.int64]
    total: NDArray[np.float64]
    without: int = 0

    @classmethod
    def none(cls, count: int) -> Binned:
        """Return ``count`` bins without a frame."""
        return cls(np.zeros(count, np.int64), np.zeros(count))

    def __add__(self, other: Binned) -> Binned:
        return Binned(
            self.frames + other.frames, self.total + other.total, self.without + other.without
        )

    @property
    def mean(self) -> NDArray[np.float64]:
        """(B,) mean IoU, NaN in a bin without a frame."""
        mean: NDArray[np.float64] = np.full(len(self.total), np.nan)
        return np.divide(self.total, self.frames, out=mean, where=self.frames > 0)


@dataclass(frozen=True)
class RunCurves:
    """All that the page shows of one tracker on one data set.

    Attributes:
        run: which.
        scores: (N,) by the protocol, of whole sequences; NaN of one without a score.
        counts: (T,) how many sequences have a score in each frame.
        mean, std: (T,) IoU of each frame over these; std is the sample's, NaN for one.
        success: (21,) share of frames above each of :data:`OTB_THRESHOLDS`, as ``auc@otb`` takes
            it: frame 0 given, real rectangles. Its mean is the AUC.
        binned: attribute -> IoU by its bins, without frame 0.
    """

    run: Run
    scores: NDArray[np.float64]
    counts: NDArray[np.int64]
    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    success: NDArray[np.float64]
    binned: Mapping[str, Binned]

    @property
    def score(self) -> float:
        """Mean of the scores that there are."""
        counted = self.scores[~np.isnan(self.scores)]
        return float(counted.mean()) if counted.size else math.nan

    @property
    def auc(self) -> float:
        """Area under the success curve."""
        return float(self.success.mean())

    @property
    def half_band(self) -> NDArray[np.float64]:
        """(T,) half the width of the mean's 95 % confidence interval."""
        return BAND * self.std / np.sqrt(np.maximum(self.counts, 1))


@dataclass
class _Sums:
    """What is added up over the chunks of one run."""

    counts: NDArray[np.int64]
    frame: NDArray[np.float64]
    square: NDArray[np.float64]
    success: NDArray[np.float64]
    binned: dict[str, Binned]
    scores: list[NDArray[np.float64]] = field(default_factory=list)


def curves_of(results: Results, bins: Mapping[str, Bins]) -> list[RunCurves]:
    """Return the curves of each tracker on each data set, in the order of ``results``.

    Files are read once. Of several runs they are means over these, as all scores are; spreads over
    sequences are of the sequences' means.
    """
    return [_curves(run, bins) for run in results.runs]


def _curves(run: Run, bins: Mapping[str, Bins]) -> RunCurves:
    length = run.record.length
    names = [name for name in run.attribute_names if name in bins]
    sums = _Sums(
        counts=np.zeros(length, np.int64),
        frame=np.zeros(length),
        square=np.zeros(length),
        success=np.zeros(len(OTB_THRESHOLDS)),
        binned={name: Binned.none(bins[name].count) for name in names},
    )
    repeats = zip(*(each.trajectories() for each in run.repeats), strict=True)
    for tracked, attributes in zip(repeats, _attributes(run, names), strict=bool(names)):
        iou = mean_over_runs(each.iou for each in tracked)
        _add(sums, run, tracked, iou)
        for name, values in attributes.items():
            sums.binned[name] += binned(bins[name], values, iou)
    counts, scores = sums.counts, np.concatenate(sums.scores)
    with np.errstate(invalid="ignore", divide="ignore"):  # NaN is what there is of no sequence
        mean = sums.frame / counts
        spread = np.clip(sums.square - counts * mean**2, 0.0, None)  # never below 0 by rounding
        std = np.sqrt(spread / np.where(counts > 1, counts - 1, 0))
    return RunCurves(
        run=run,
        scores=scores,
        counts=counts,
        mean=mean,
        std=np.where(counts > 1, std, np.nan),
        success=sums.success / max(int((~np.isnan(scores)).sum()), 1),
        binned=sums.binned,
    )


def _attributes(run: Run, names: Sequence[str]) -> Iterator[dict[str, NDArray[np.generic]]]:
    """Yield attributes chunk by chunk; empty dictionaries if there are none."""
    if names:
        yield from run.attributes(names)
    else:
        yield from repeat({})


def _add(sums: _Sums, run: Run, tracked: Sequence[Trajectories], iou: NDArray[np.float64]) -> None:
    """Add a chunk of sequences, as each run tracked it; ``iou`` (n, T) is the runs' mean."""
    frames = iou.shape[1]
    sums.counts[:frames] += (~np.isnan(iou)).sum(axis=0)
    sums.frame[:frames] += np.nansum(iou, axis=0)
    sums.square[:frames] += np.nansum(np.square(iou), axis=0)
    sums.scores.append(run.protocol.scores(iou, (frames,))[:, 0])
    scored = [each.scored for each in tracked]
    if scored[0].iou.shape[1]:
        overlaps = [box_iou(each.predicted_with_first_given, each.truth) for each in scored]
        sums.success += mean_over_runs(map(success_curve, overlaps)).sum(axis=0)


def binned(bins: Bins, values: NDArray[np.generic], iou: NDArray[np.float64]) -> Binned:
    """Return the IoU (N, T) of every frame but the first, by an attribute's values (N, T)."""
    found = values[:, 1:].astype(np.float64).ravel()
    there = np.isfinite(found) & ~np.isnan(iou[:, 1:].ravel())
    where = bins.of(found[there])
    return Binned(
        frames=np.bincount(where, minlength=bins.count),
        # the cast is for numpy's types alone: weights make bincount return float64
        total=np.bincount(where, iou[:, 1:].ravel()[there], bins.count).astype(np.float64),
        without=int(there.size - there.sum()),
    )


def pooled_datasets(results: Results) -> tuple[str, ...]:
    """Return the data sets that every tracker ran on: pooled, their frames are alike for all.

    If there is none, the one that most trackers ran on; the others are left out of what is pooled.
    """
    ran: dict[str, set[str]] = {name: set() for name in results.datasets}
    for run in results.runs:
        ran[run.dataset.id].add(run.record.tracker)
    most = max(len(trackers) for trackers in ran.values())
    if most == len(results.trackers):
        return tuple(name for name, trackers in ran.items() if len(trackers) == most)
    return (next(name for name, trackers in ran.items() if len(trackers) == most),)
