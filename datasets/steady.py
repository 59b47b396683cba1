"""Motion that is alike at all times: mean-reverting walks, and walls that fold a path back.

In the paper's sets velocity is a random walk, so that speed rises with length. Here a component of
the velocity is a stationary Gaussian process of first order (a discrete Ornstein-Uhlenbeck
process): v' = keep * v + sqrt(1 - keep**2) * N(0, 1), begun from N(0, 1).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.streams import Stream

KEEP = 0.95
"""Share of a velocity that is kept from one frame to the next: it is forgotten in about 20."""

MEAN_LENGTH = 1.2533141373155003
"""Mean length of a vector of two standard normal components: sqrt(pi / 2)."""


def mean_reverting(
    stream: Stream, length: int, axes: int = 2, keep: float = KEEP
) -> NDArray[np.float64]:
    """Return (length, axes) float64 of mean 0 and variance 1 at every time.

    Drawn frame by frame, so a shorter one is the beginning of a longer one.
    """
    drawn = stream.normal(length * axes).reshape(length, axes)
    fresh = math.sqrt(1.0 - keep * keep)
    columns = []
    for column in drawn.T:
        first, *pushes = column.tolist()
        values = [first]
        for push in pushes:
            first = keep * first + fresh * push
            values.append(first)
        columns.append(values)
    return np.array(columns).T


def travelled(velocity: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (T, axes): the way from frame 0, where it is 0, with the velocity of each frame.

    Summed one by one, as :func:`numpy.cumsum` does along an axis: no order of summation is open.
    """
    way = np.zeros_like(velocity)
    np.cumsum(velocity[:-1], axis=0, out=way[1:])
    return way


def folded(way: NDArray[np.int64], travel: int) -> NDArray[np.int64]:
    """Return where a path is between walls at 0 and ``travel``, each of which turns it back."""
    there = way % (2 * travel)
    return np.minimum(there, 2 * travel - there)


def walls_passed(way: NDArray[np.int64], travel: int) -> NDArray[np.bool_]:
    """Return (T,) of paths (T, axes): a wall turned one of the axes back since the frame before."""
    room = way // travel
    turned = np.zeros(len(way), np.bool_)
    turned[1:] = (room[1:] != room[:-1]).any(axis=1)
    return turned
