"""Three trackers or more, ranked: those that are not told apart are joined."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.paired import PairedCell
from trackbench.statistics.families import holm
from trackbench.statistics.ranking import friedman_p, joined, mean_ranks
from trackbench.statistics.signed_rank import signed_rank_p

ALPHA = 0.05
"""Two trackers are told apart if the adjusted p-value is at most this."""


@dataclass(frozen=True)
class Ranked:
    """A tracker's place.

    Attributes:
        tracker: which.
        mean: of its scores over all sequences of all data sets.
        mean_rank: mean of its ranks within the sequences; 1 is best.
        groups: letters; trackers that share one are not told apart.
    """

    tracker: str
    mean: float
    mean_rank: float
    groups: str


@dataclass(frozen=True)
class Ranking:
    """Three or more trackers at one length, best mean first.

    Attributes:
        length: of the sequences.
        sequences: of all data sets together.
        friedman_p: of Friedman's test that all rank alike. Where it is above :data:`ALPHA`, all
            are joined; else those whose pairwise signed-rank test is, adjusted by Holm over all
            pairs at all lengths.
        trackers: in order.
    """

    length: int
    sequences: int
    friedman_p: float
    trackers: tuple[Ranked, ...]


def rankings(cells: list[PairedCell], trackers: list[str]) -> tuple[Ranking, ...]:
    """Rank at each length that every data set has, over the sequences of all."""
    by_length: dict[int, list[PairedCell]] = {}
    for cell in cells:
        by_length.setdefault(cell.length, []).append(cell)
    datasets = len({cell.dataset for cell in cells})
    lengths = sorted(length for length, of_it in by_length.items() if len(of_it) == datasets)
    scores = [np.concatenate([cell.scores for cell in by_length[length]]) for length in lengths]
    pairs = list(combinations(range(len(trackers)), 2))
    p_values = holm(np.array([signed_rank_p(s[:, i] - s[:, j]) for s in scores for i, j in pairs]))
    found = []
    for number, (length, pooled) in enumerate(zip(lengths, scores, strict=True)):
        overall = friedman_p(pooled)
        told_apart = np.zeros((len(trackers),) * 2, bool)
        for (i, j), p in zip(pairs, p_values[number * len(pairs) :], strict=False):
            told_apart[i, j] = told_apart[j, i] = overall <= ALPHA and p <= ALPHA
        ranked = _ranked(trackers, pooled, told_apart)
        found.append(Ranking(length, len(pooled), overall, ranked))
    return tuple(found)


def _ranked(
    trackers: list[str], scores: NDArray[np.float64], told_apart: NDArray[np.bool_]
) -> tuple[Ranked, ...]:
    means, ranks = scores.mean(axis=0), mean_ranks(scores)
    order = [int(k) for k in np.argsort(-means, kind="stable")]
    groups = joined(told_apart[np.ix_(order, order)])
    return tuple(
        Ranked(
            tracker=trackers[k],
            mean=float(means[k]),
            mean_rank=float(ranks[k]),
            groups="".join(_letter(g) for g, group in enumerate(groups) if place in group),
        )
        for place, k in enumerate(order)
    )


def _letter(number: int) -> str:
    """Return a, b, ..., z, and a1 and so on after that."""
    again, letter = divmod(number, 26)
    return chr(ord("a") + letter) + (str(again) if again else "")
