"""Which losses of a check are significant: p-values over all cells, and what lets a cell fail.

Significance is of the paired differences (:func:`~trackbench.statistics.loss_test.loss_p_value`),
adjusted over all cells by Hommel's procedure: if nothing has changed but chance, the whole check
fails at most with probability alpha. If nothing has changed at all, as for a deterministic tracker,
all differences are 0 and it cannot fail.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.verdict import Limits
from trackbench.statistics.families import hommel
from trackbench.statistics.loss_test import loss_p_value

_NOTHING = 1e-9
"""What floating-point sums of rounded scores may add to a loss that is just the tolerance."""


def adjusted_p_values(differences: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """Return the p-values of losses in every cell, adjusted over all of them.

    Args:
        differences: for each run (..., N, L), after minus before; NaN is no score.

    Returns:
        (..., L) for each run.
    """
    p_values = [_p_values(np.moveaxis(d, -1, -2)) for d in differences]
    adjusted = hommel(np.concatenate(p_values, axis=-1))
    ends = np.cumsum([p.shape[-1] for p in p_values])
    return np.split(adjusted, ends[:-1], axis=-1)


def _p_values(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (..., L) of differences (..., L, N); 1 where no sequence has a score."""
    if not np.isnan(differences).any():
        return loss_p_value(differences)
    rows = differences.reshape(-1, differences.shape[-1])
    scored = [row[~np.isnan(row)] for row in rows]
    found = [float(loss_p_value(row)) if row.size else 1.0 for row in scored]
    return np.array(found).reshape(differences.shape[:-1])


def lower_score(
    mean: NDArray[np.float64], p: NDArray[np.float64], limits: Limits
) -> NDArray[np.bool_]:
    """Return (...): the mean difference is a significant loss of more than the tolerance."""
    worse: NDArray[np.bool_] = (-mean > limits.tolerance + _NOTHING) & (p <= limits.alpha)
    return worse
