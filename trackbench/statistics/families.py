"""P-values of a family of tests, adjusted so that one false alarm in all of them is rare.

An adjusted p-value of at most alpha rejects its hypothesis at a family-wise error rate of alpha.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def holm(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p-values (..., M), adjusted by Holm's step-down procedure (Scand. J. Stat. 1979).

    Valid whatever the dependence between the tests.
    """
    order = np.argsort(p_values, axis=-1)
    ascending = np.take_along_axis(p_values, order, axis=-1)
    factors = np.arange(p_values.shape[-1], 0, -1)
    adjusted = np.minimum(np.maximum.accumulate(ascending * factors, axis=-1), 1.0)
    return _unsorted(adjusted, order)


def hommel(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p-values (..., M), adjusted by Hommel's procedure (Biometrika 1988).

    The closed test whose intersections are tested by Simes (p_(i) <= i alpha / m for some i). It
    rejects all that Holm does and more when several tests of a family point the same way, as the
    lengths of one data set do. Valid for independent tests and for positively dependent ones, such
    as these (Sarkar, Ann. Stat. 1998).
    """
    count = p_values.shape[-1]
    order = np.argsort(p_values, axis=-1)
    p = np.take_along_axis(p_values, order, axis=-1)
    # Adjusted is the largest Simes p-value of any intersection that holds the hypothesis. Of those
    # of m hypotheses, that is the intersection with the m - 1 largest others.
    simes = (count * p / np.arange(1, count + 1)).min(axis=-1, keepdims=True)
    adjusted = np.broadcast_to(simes, p.shape).copy()
    for m in range(count - 1, 1, -1):
        largest = p[..., count - m + 1 :]  # m - 1 of them
        of_largest = (m * largest / np.arange(2, m + 1)).min(axis=-1, keepdims=True)
        smaller = np.minimum(m * p[..., : count - m + 1], of_largest)
        adjusted[..., : count - m + 1] = np.maximum(adjusted[..., : count - m + 1], smaller)
        adjusted[..., count - m + 1 :] = np.maximum(
            adjusted[..., count - m + 1 :], smaller[..., -1:]
        )
    return _unsorted(np.maximum(adjusted, p), order)


def _unsorted(adjusted: NDArray[np.float64], order: NDArray[np.int64]) -> NDArray[np.float64]:
    result = np.empty_like(adjusted)
    np.put_along_axis(result, order, adjusted, axis=-1)
    return result
