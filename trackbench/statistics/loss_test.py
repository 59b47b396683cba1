"""Whether scores fell: the test of the regression check."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def loss_p_value(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (...) one-sided p-values that the mean of paired differences is not negative.

    Student's paired t-test, never below 2^-k where k of the differences are not 0. If nothing has
    changed, which of two runs came first is arbitrary, so every difference is as likely to be
    positive as negative, and 2^-k is how often all k fall on one side: no test that holds its
    level may claim more. (That floor matters where few sequences changed; an unchanged
    deterministic tracker has k = 0 and p = 1.)

    The mean is tested, not ranks, because the mean is what a table shows. A tracker that newly
    loses a few targets in a hundred and is otherwise unchanged moves the mean and hardly any rank.

    Args:
        differences: (..., N), new score minus old, finite.
    """
    from scipy import special  # type: ignore[import-untyped]  # it has no types

    count = differences.shape[-1]
    mean = differences.mean(axis=-1)
    spread = differences.std(axis=-1, ddof=1) if count > 1 else np.zeros(mean.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = mean / (spread / np.sqrt(count))  # 0 / 0 is NaN, which fmax passes over
    student = special.stdtr(count - 1, t)
    floor = 0.5 ** np.count_nonzero(differences, axis=-1)
    p_value: NDArray[np.float64] = np.fmax(student, floor)
    return p_value


def fewest_sequences(alpha: float) -> int:
    """Return how many sequences it takes until :func:`loss_p_value` can be as small as alpha."""
    return int(np.ceil(-np.log2(alpha)))
