"""Bootstrap confidence intervals of mean differences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
RESAMPLES = 1_999
SEED = 1511_06425
_BATCH_NUMBERS = 2_000_000
"""Numbers drawn at once, which bounds the memory."""


def mean_interval(
    differences: NDArray[np.float64],
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and upper ends (...) of confidence intervals of the mean.

    The bias-corrected and accelerated bootstrap (BCa; Efron, JASA 1987; Efron and Tibshirani 1993,
    ch. 14) over sequences, by ``scipy.stats.bootstrap``. All rows are resampled alike and the
    draws are seeded, so the same differences always give the same interval.

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
    from scipy import stats  # type: ignore[import-untyped]  # it has no types

    flat = differences.reshape(-1, differences.shape[-1])
    low, high = flat.min(axis=1), flat.max(axis=1)
    varied = low < high
    if flat.shape[1] == 1:
        low, high = np.full_like(low, np.nan), np.full_like(high, np.nan)
    elif varied.any():
        found = stats.bootstrap(
            (flat[varied],),
            np.mean,
            axis=-1,
            vectorized=True,
            confidence_level=confidence,
            n_resamples=resamples,
            batch=max(1, _BATCH_NUMBERS // int(flat[varied].size)),
            method="BCa",
            rng=np.random.default_rng(seed),
        )
        low[varied], high[varied] = found.confidence_interval
    shape = differences.shape[:-1]
    return low.reshape(shape), high.reshape(shape)
