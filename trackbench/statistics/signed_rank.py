"""Wilcoxon's signed-rank test and the effect size that belongs to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def signed_rank_p(differences: NDArray[np.float64]) -> float:
    """Return the two-sided p-value of Wilcoxon's signed-rank test that (N,) lie around 0.

    ``scipy.stats.wilcoxon``: differences of 0 are dropped (Wilcoxon's own way); exact for few
    sequences without ties, else the normal limit. If all are 0 nothing speaks against it: 1.
    """
    from scipy import stats  # type: ignore[import-untyped]  # it has no types

    moved = differences[differences != 0]
    return float(stats.wilcoxon(moved).pvalue) if moved.size else 1.0


def rank_biserial(differences: NDArray[np.float64]) -> float:
    """Return the matched-pairs rank-biserial correlation of (N,), in [-1, 1].

    (W+ - W-) / (W+ + W-), where W+ and W- are the sums of the ranks of abs(d) over the sequences
    with d > 0 and d < 0 (Kerby, Comprehensive Psychology 2014). 1: better wherever they differ; 0:
    neither. If all are 0, 0.
    """
    from scipy import stats

    moved = differences[differences != 0]
    if not moved.size:
        return 0.0
    ranks = stats.rankdata(np.abs(moved))
    return float((np.sign(moved) * ranks).sum() / ranks.sum())
