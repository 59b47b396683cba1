"""Confidence intervals of mean effects that hold for twenty paired differences, too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.statistics.bootstrap import CONFIDENCE, expanded_confidence, mean_interval

_ALL_BUT = 0.05
"""How likely what no sequence shows may be, and still be left unsaid."""


def effect_interval(
    differences: NDArray[np.float64], farthest: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and upper ends (...) of 95 % confidence intervals of the mean.

    Each end is that of BCa with expanded levels (:func:`mean_interval` with
    :func:`expanded_confidence`), or Student's where that lies farther out. BCa takes the skew that
    it sees for true. If an effect is that a few sequences are lost, it is, and Student's interval
    is too short on that side. If base and twin lose different sequences, each by chance, there is
    no skew: the few that were seen lie to one side by chance, and BCa moves away from the truth.
    Twenty sequences do not tell one from the other; the interval holds in both cases.
    ``scripts/diagnosis_simulation.py`` measures how often: see docs/diagnosis.md.

    Args:
        differences: (..., N), finite.
        farthest: what no difference can be farther from 0 than; so neither is an end.

    Returns:
        NaN for N = 1, where nothing is known of the spread; the value itself where all N are equal.
    """
    bca = mean_interval(differences, expanded_confidence(differences.shape[-1]))
    return beyond_student(differences, bca, farthest)


def beyond_student(
    differences: NDArray[np.float64],
    bca: tuple[NDArray[np.float64], NDArray[np.float64]],
    farthest: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends (...) of :func:`effect_interval` where those of BCa are known already."""
    from scipy.special import stdtrit  # type: ignore[import-untyped]  # it has no types

    count = differences.shape[-1]
    low, high = bca
    if count < 2:
        return low, high
    mean, spread = differences.mean(axis=-1), differences.std(axis=-1, ddof=1)
    reach = float(stdtrit(count - 1, (1 + CONFIDENCE) / 2)) * spread / np.sqrt(count)
    alike = low == high  # where a sum's rounding would be taken for a spread
    ends = np.where(alike, low, mean - reach), np.where(alike, high, mean + reach)
    return np.maximum(np.minimum(low, ends[0]), -farthest), np.minimum(
        np.maximum(high, ends[1]), farthest
    )


def unseen_share(sequences: int) -> float:
    """Return what share of all videos may be lost without one among so many sequences showing it.

    The largest share that none of N sequences shows in 5 % of draws: 14 % for 20 sequences, 7 % for
    40, 1.5 % for 200. No interval from these N numbers knows of it.
    """
    return 1 - float(_ALL_BUT ** (1 / sequences))
