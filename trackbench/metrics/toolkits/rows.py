"""Columns of a few numbers put together: NumPy takes many times as long along so short an axis."""

from __future__ import annotations

from functools import reduce
from operator import and_, mul, or_

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]


def every(flags: Flags) -> Flags:
    """Return (T,): all of the row's flags (T, K)."""
    return reduce(and_, flags.T)


def some(flags: Flags) -> Flags:
    """Return (T,): any of the row's flags (T, K)."""
    return reduce(or_, flags.T)


def unknown(boxes: NDArray[np.float64]) -> Flags:
    """Return (T,): a number of the box (T, 4) is NaN."""
    return some(np.isnan(boxes))


def product(sides: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (T,): the product of each row of (T, K)."""
    return reduce(mul, sides.T)


def length(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (T,): the Euclidean length of vectors (T, 2)."""
    found: NDArray[np.float64] = np.sqrt(np.square(vectors[:, 0]) + np.square(vectors[:, 1]))
    return found
