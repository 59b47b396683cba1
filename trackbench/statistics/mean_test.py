"""Whether a mean of paired differences is another one than 0, in either direction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.statistics.loss_test import loss_p_value


def mean_p_value(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (...) two-sided p-values that the mean of paired differences is 0.

    Twice the smaller of the two one-sided p-values of
    :func:`~trackbench.statistics.loss_test.loss_p_value`, so never below 2 ^ (1 - k) where k of the
    differences are not 0. The mean is tested for it is what is reported.

    Args:
        differences: (..., N), finite.
    """
    smaller = np.minimum(loss_p_value(differences), loss_p_value(-differences))
    p_value: NDArray[np.float64] = np.minimum(2 * smaller, 1.0)
    return p_value


def smallest_p_value(sequences: int) -> float:
    """Return the smallest p-value that :func:`mean_p_value` can have with so many sequences."""
    return min(1.0, 2.0 ** (1 - sequences))
