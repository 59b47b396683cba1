"""Where a curve of mean scores falls to half of what it begins with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.statistics.bootstrap import CONFIDENCE


@dataclass(frozen=True)
class Crossing:
    """A place on the levels of a factor, and the interval around it.

    Attributes:
        at: value, between levels interpolated linearly.
        low, high: the ends of its interval, ``low`` nearer to where the curve begins; infinite
            where the resampled curve does not fall so far at any level.
    """

    at: float
    low: float
    high: float


def half_lost(
    values: NDArray[np.float64],
    means: NDArray[np.float64],
    resampled: NDArray[np.float64],
    confidence: float = CONFIDENCE,
) -> Crossing | None:
    """Return where a curve first falls to half of its first value; None: at none of the levels.

    The interval is that of percentiles over bootstrap samples of the sequences. A place on an axis
    is no mean, so BCa's acceleration has no closed form here; percentiles do not change with the
    scale of the axis, and know samples in which the curve does not fall so far.

    Args:
        values: (K,) of the levels, from where the curve begins; ascending or descending.
        means: (K,) scores.
        resampled: (K, B), the same in bootstrap samples.
        confidence: in (0, 1).
    """
    at = _place(means[None])[0]
    if not np.isfinite(at):
        return None
    tail = (1 - confidence) / 2
    places = _place(resampled.T)
    # The nearest sample and not a mean of two, of which one may be infinite.
    low, high = np.quantile(places, [tail, 1 - tail], method="inverted_cdf").tolist()
    return Crossing(*(_value(place, values) for place in (float(at), low, high)))


def _place(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (B,) at which level, as a number with a fraction, curves (B, K) are at half.

    Infinite where one never is, or begins at 0.
    """
    half = means[:, 0] / 2
    fallen = (means <= half[:, None]) & (half[:, None] > 0)
    fallen[:, 0] = False
    first = np.argmax(fallen, axis=1)
    rows = np.arange(len(means))
    before, after = means[rows, np.maximum(first, 1) - 1], means[rows, np.maximum(first, 1)]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (before - half) / (before - after)
    return np.where(fallen.any(axis=1), first - 1 + share, np.inf)


def _value(place: float, values: NDArray[np.float64]) -> float:
    if not np.isfinite(place):
        return float(np.inf)
    return float(np.interp(place, np.arange(len(values)), values))
