"""Bootstrap confidence intervals of mean differences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.statistics.row_quantiles import row_quantiles

CONFIDENCE = 0.95
RESAMPLES = 1_999
SEED = 1511_06425
_BATCH_NUMBERS = 2_000_000
"""Numbers drawn at once, which bounds the memory."""
_SUREST = 0.9999
"""Of three numbers or fewer, resampling knows no more than the range of their means."""
_ROUNDING = 1e-12
"""By what share of the largest number two means of the same numbers may differ."""


def mean_interval(
    differences: NDArray[np.float64],
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and upper ends (...) of confidence intervals of the mean.

    The bias-corrected and accelerated bootstrap (BCa; Efron, JASA 1987; Efron and Tibshirani 1993,
    ch. 14) over sequences. All rows are resampled alike and the draws are seeded, so the same
    differences always give the same interval.

    The draws are ``scipy.stats.bootstrap``'s, and so is the interval, which tests hold equal to
    ``method="BCa"``. It is computed here because SciPy's jackknife evaluates the mean without each
    sequence anew, which takes N^2 numbers for what has a closed form.

    It needs no normality, but it is an approximation. Measured in 2,000 simulated cases each: for
    100 differences like those of real pairs of trackers it holds in 94 to 95 %; where only 2 in a
    hundred differ at all, in 86 %.

    Args:
        differences: (..., N), finite.
        confidence: in (0, 1).
        resamples: bootstrap samples.
        seed: of the draws.

    Returns:
        NaN for N = 1, where nothing is known of the spread; the value itself where all N are equal.
    """
    flat = differences.reshape(-1, differences.shape[-1])
    low, high = flat.min(axis=1), flat.max(axis=1)
    varied = low < high
    if flat.shape[1] == 1:
        low, high = np.full_like(low, np.nan), np.full_like(high, np.nan)
    elif varied.any():
        means = resampled_means(flat[varied], resamples, seed)
        levels = _bca_levels(flat[varied], means, confidence)
        low[varied], high[varied] = row_quantiles(means, levels).T
    shape = differences.shape[:-1]
    return low.reshape(shape), high.reshape(shape)


def expanded_confidence(count: int, confidence: float = CONFIDENCE) -> float:
    """Return the confidence to ask :func:`mean_interval` for, so that few numbers reach this one.

    Resampling N numbers gives means that spread by N - 1 over N too little, and knows nothing of
    Student's t. The levels of the quantiles are moved out by both (Hesterberg, "What Teachers
    Should Know About the Bootstrap", Am. Stat. 2015, "expanded percentile"), which for N = 20 is a
    confidence of 96.8 % and for N = 200 of 95.2 %.
    """
    from scipy.special import ndtr, stdtrit  # type: ignore[import-untyped]  # it has no types

    if count < 2:
        return confidence
    t = float(stdtrit(count - 1, (1 + confidence) / 2))
    return min(_SUREST, float(2 * ndtr(t * np.sqrt(count / (count - 1))) - 1))


def resampled_means(
    rows: NDArray[np.float64], resamples: int = RESAMPLES, seed: int = SEED
) -> NDArray[np.float64]:
    """Return (R, B) means of (R, N) rows in B bootstrap samples.

    The places of the sequences are resampled and not their values, once for all rows: how often
    each place was drawn gives the means of all rows in one matrix product. The draws are those of
    ``scipy.stats.bootstrap``, to which a test holds the intervals: importing it and computing what
    it returns beside them took longer than drawing.
    """
    count = rows.shape[1]
    draw = np.random.default_rng(seed)
    batch = max(1, _BATCH_NUMBERS // count)
    means = []
    for done in range(0, resamples, batch):
        drawn = draw.integers(0, count, (min(batch, resamples - done), count))
        # Each sample's places as numbers of its own: all are counted at once.
        drawn += np.arange(len(drawn))[:, np.newaxis] * count
        times = np.bincount(drawn.ravel(), minlength=drawn.size).reshape(drawn.shape)
        means.append(rows @ times.T.astype(np.float64) / count)
    return np.concatenate(means, axis=1)


def _bca_levels(
    rows: NDArray[np.float64], means: NDArray[np.float64], confidence: float
) -> NDArray[np.float64]:
    """Return (R, 2): which quantiles of the resampled means (R, B) are an interval's ends.

    Efron and Tibshirani, eq. 14.10, with the bias of 14.14 and the acceleration of 14.15. That is
    of leave-one-out means, whose mean minus the i-th is (x_i - mean) / (N - 1), and N - 1 cancels.
    """
    from scipy.special import ndtr, ndtri

    mean = rows.mean(axis=1, keepdims=True)
    # Sums of the same numbers in another order are still ties.
    rounding = _ROUNDING * np.abs(rows).max(axis=1, keepdims=True)
    below, not_above = means < mean - rounding, means <= mean + rounding
    bias = ndtri((below.mean(axis=1) + not_above.mean(axis=1)) / 2)[:, None]
    cubes, squares = (((rows - mean) ** power).sum(axis=1) for power in (3, 2))
    acceleration = (cubes / (6 * squares**1.5))[:, None]
    tail = (1 - confidence) / 2
    shifted = bias + ndtri(np.array([tail, 1 - tail]))
    levels: NDArray[np.float64] = ndtr(bias + shifted / (1 - acceleration * shifted))
    return levels
