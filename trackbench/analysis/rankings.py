"""Three trackers or more, ranked: those whose difference may be noise are joined."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.paired import PairedCell
from trackbench.metrics.evaluation_protocol import Length
from trackbench.statistics.families import holm
from trackbench.statistics.ranking import friedman_p, joined, mean_ranks
from trackbench.statistics.signed_rank import signed_rank_p

ALPHA = 0.05
"""Two trackers differ by more than noise if the adjusted p-value is at most this."""


@dataclass(frozen=True)
class Ranked:
    """A tracker's place.

    Attributes:
        tracker: which.
        mean: of its scores over all sequences of all data sets.
        mean_rank: mean of its ranks within the sequences; 1 is best.
        groups: letters; the difference of trackers that share one may be noise.
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

    length: Length
    sequences: int
    friedman_p: float
    trackers: tuple[Ranked, ...]


def rankings(cells: list[PairedCell], trackers: list[str]) -> tuple[Ranking, ...]:
    """Rank at each length that every data set has, over the sequences of all."""
    pooled = _pooled(cells)
    pairs = list(combinations(range(len(trackers)), 2))
    p_values = [
        signed_rank_p(scores[:, i] - scores[:, j]) for scores in pooled.values() for i, j in pairs
    ]
    adjusted = holm(np.array(p_values)).reshape(len(pooled), len(pairs))
    found = []
    for (length, scores), p_of_pairs in zip(pooled.items(), adjusted, strict=True):
        overall = friedman_p(scores)
        different = (p_of_pairs <= ALPHA) & (overall <= ALPHA)
        ranked = _ranked(trackers, scores, _symmetric(different, len(trackers)))
        found.append(Ranking(length, len(scores), overall, ranked))
    return tuple(found)


def _pooled(cells: list[PairedCell]) -> dict[Length, NDArray[np.float64]]:
    """Return (N, K) scores of all data sets together, at each length that every one has."""
    by_length: dict[Length, list[NDArray[np.float64]]] = {}
    for cell in cells:
        by_length.setdefault(cell.length, []).append(cell.scores)
    datasets = len({cell.dataset for cell in cells})
    return {
        length: np.concatenate(scores)
        for length, scores in sorted(by_length.items(), key=lambda item: _place(item[0]))
        if len(scores) == datasets
    }


def _symmetric(pairs: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """Return (K, K) from what holds of each pair of K, in the order of ``combinations``."""
    matrix = np.zeros((count, count), bool)
    matrix[np.triu_indices(count, 1)] = pairs
    return matrix | matrix.T


def _ranked(
    trackers: list[str], scores: NDArray[np.float64], different: NDArray[np.bool_]
) -> tuple[Ranked, ...]:
    """Return K trackers by their mean; ``different`` (K, K): by more than noise."""
    means, ranks = scores.mean(axis=0), mean_ranks(scores)
    order = [int(k) for k in np.argsort(-means, kind="stable")]
    groups = joined(different[np.ix_(order, order)])
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


def _place(length: Length) -> tuple[bool, Length]:
    """Return what lengths are sorted by: whole sequences come last."""
    return isinstance(length, str), length
