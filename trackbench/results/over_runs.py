"""Numbers of a tracker's several runs made one: means, spreads between runs, sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


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


def spread_of_totals(totals: Sequence[Floats]) -> Floats:
    """Return (L,): the standard deviation (N - 1) of the runs' (L,) numbers; NaN for one run."""
    if len(totals) < 2:
        return np.full(totals[0].shape, np.nan)
    spread: Floats = (np.stack(totals) - totals[0]).std(axis=0, ddof=1)
    return spread


def summed_over_runs(counts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the sum of each of L counts over the runs."""
    return tuple(map(sum, zip(*counts, strict=True)))
