"""Quantiles of many rows, at levels of each row's own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def row_quantiles(rows: NDArray[np.float64], levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (R, Q) quantiles of (R, B) rows at (R, Q) levels in [0, 1]; ``rows`` get sorted.

    To the last bit what ``np.quantile`` makes of each row and its levels (method ``linear``), which
    a test holds; calling that for each of thousands of rows is most of an interval's time.

    Raises:
        ValueError: a level is none.
    """
    if not ((levels >= 0) & (levels <= 1)).all():
        raise ValueError("a quantile's level must be from 0 to 1")
    rows.sort(axis=1)
    last = rows.shape[1] - 1
    place = last * levels
    below = np.floor(place).astype(np.intp)
    lower = np.take_along_axis(rows, below, axis=1)
    upper = np.take_along_axis(rows, np.minimum(below + 1, last), axis=1)
    share, step = place - below, upper - lower
    # From the nearer of the two, so that what it gives rises with the level.
    found: NDArray[np.float64] = np.where(
        share < 0.5, lower + step * share, upper - step * (1 - share)
    )
    return found
