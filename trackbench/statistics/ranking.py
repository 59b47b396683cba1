"""A ranking of several trackers that joins those which the data do not tell apart."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray


def friedman_p(scores: NDArray[np.float64]) -> float:
    """Return the p-value of Friedman's test that K >= 3 trackers rank alike, of (N, K) scores.

    Ranks are within each sequence (Demsar, JMLR 2006). If every sequence ties all trackers: 1.
    """
    from scipy import stats  # type: ignore[import-untyped]  # it has no types

    if bool((scores == scores[:, :1]).all()):
        return 1.0
    return float(stats.friedmanchisquare(*scores.T).pvalue)


def mean_ranks(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (K,) mean ranks over N sequences of (N, K) scores; 1 is best, ties share."""
    from scipy import stats

    ranks: NDArray[np.float64] = stats.rankdata(-scores, axis=1).mean(axis=0)
    return ranks


def joined(told_apart: NDArray[np.bool_]) -> list[tuple[int, ...]]:
    """Return the largest groups in which no two are told apart; one may be in several groups.

    Not being told apart is not transitive, hence groups and not ties. Found by inserting and
    absorbing (Piepho, J. Comput. Graph. Stat. 2004): begin with all in one group, and split every
    group that holds a pair that is told apart.

    Args:
        told_apart: (K, K) symmetric.

    Returns:
        Groups of indices, ascending; each index is in at least one.
    """
    groups = {frozenset(range(len(told_apart)))}
    for i, j in combinations(range(len(told_apart)), 2):
        if told_apart[i, j]:
            split = {g for g in groups if i in g and j in g}
            parts = (groups - split) | {g - {k} for g in split for k in (i, j)}
            groups = {g for g in parts if not any(g < other for other in parts)}
    return sorted(tuple(sorted(group)) for group in groups)
