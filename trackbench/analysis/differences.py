"""Two trackers in one cell: how much better one is, and whether that is noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.paired import PairedCell
from trackbench.analysis.rankings import ALPHA
from trackbench.metrics.evaluation_protocol import Length
from trackbench.statistics.bootstrap import mean_interval
from trackbench.statistics.families import holm
from trackbench.statistics.signed_rank import rank_biserial, signed_rank_p


@dataclass(frozen=True)
class Difference:
    """Two trackers in one cell: ``first`` minus ``second``, so positive is better for the first.

    Attributes:
        first, second: the trackers.
        dataset, length: the cell.
        sequences: how many pairs of scores.
        left_out: sequences for which the metric has no score.
        first_mean, second_mean: the cells' means.
        mean: mean difference.
        low, high: ends of its 95 % confidence interval (BCa bootstrap over sequences); NaN for one
            sequence.
        p: of Wilcoxon's signed-rank test, two-sided.
        p_adjusted: the same, by Holm over every difference of the comparison.
        effect: matched-pairs rank-biserial correlation, in [-1, 1].
    """

    first: str
    second: str
    dataset: str
    length: Length
    sequences: int
    left_out: int
    first_mean: float
    second_mean: float
    mean: float
    low: float
    high: float
    p: float
    p_adjusted: float
    effect: float

    @property
    def told_apart(self) -> bool:
        """The trackers differ by more than chance would often give."""
        return self.p_adjusted <= ALPHA


@dataclass(frozen=True)
class TooFew:
    """Why no difference of a comparison could have been significant, whatever the scores are.

    Attributes:
        differing: sequences of a row on which two trackers differ, at most.
        rows: over which p is adjusted.
        least_p: the smallest adjusted p that there could be: all sequences of a row, as much as
            they differ, favour the same tracker.
        needed: so many sequences that differ can make it significant.
    """

    differing: int
    rows: int
    least_p: float
    needed: int


@dataclass(frozen=True)
class _Pair:
    """Two columns of a cell's scores."""

    cell: PairedCell
    first: int
    second: int

    @property
    def differences(self) -> NDArray[np.float64]:
        """(N,) the first's score minus the second's, of each sequence."""
        return self.cell.scores[:, self.first] - self.cell.scores[:, self.second]


def differences(cells: list[PairedCell], trackers: list[str]) -> tuple[Difference, ...]:
    """Return every pair of trackers in every cell, pair by pair.

    Args:
        cells: each with the scores of K trackers in N > 0 sequences.
        trackers: the K ids.
    """
    columns = list(combinations(range(len(trackers)), 2))
    pairs = [_Pair(cell, first, second) for cell in cells for first, second in columns]
    intervals = _intervals([pair.differences for pair in pairs])
    p_values = [signed_rank_p(pair.differences) for pair in pairs]
    adjusted = holm(np.array(p_values)).tolist()
    found = [
        _difference(*of_pair, trackers)
        for of_pair in zip(pairs, intervals, p_values, adjusted, strict=True)
    ]
    by_pair = (found[number :: len(columns)] for number in range(len(columns)))
    return tuple(difference for cells_of_pair in by_pair for difference in cells_of_pair)


def too_few(cells: list[PairedCell], trackers: list[str]) -> TooFew | None:
    """Return why no difference can be significant; None: one can be, or nothing differs at all.

    Args:
        cells: as of :func:`differences`.
        trackers: likewise.
    """
    columns = list(combinations(range(len(trackers)), 2))
    rows = len(cells) * len(columns)
    least, differing = 1.0, 0
    for pair in (_Pair(cell, *of_pair) for cell in cells for of_pair in columns):
        sizes = np.abs(pair.differences)
        least = min(least, rows * signed_rank_p(sizes))
        if least <= ALPHA:
            return None
        differing = max(differing, int(np.count_nonzero(sizes)))
    if not differing:
        return None
    # Of n that favour the same tracker, the exact test's p is 2 / 2^n.
    return TooFew(differing, rows, least, needed=math.ceil(1 + math.log2(rows / ALPHA)))


def _intervals(differences: list[NDArray[np.float64]]) -> list[tuple[float, float]]:
    """Return lower and upper end of the mean's interval, of each of several (N,) differences.

    Those of as many sequences share their draws, which take longest.
    """
    found: dict[int, tuple[float, float]] = {}
    for count in {len(each) for each in differences}:
        alike = [number for number, each in enumerate(differences) if len(each) == count]
        low, high = mean_interval(np.stack([differences[number] for number in alike]))
        found |= dict(zip(alike, zip(low.tolist(), high.tolist(), strict=True), strict=True))
    return [found[number] for number in range(len(differences))]


def _difference(
    pair: _Pair, interval: tuple[float, float], p: float, p_adjusted: float, trackers: list[str]
) -> Difference:
    cell, found = pair.cell, pair.differences
    low, high = interval
    return Difference(
        first=trackers[pair.first],
        second=trackers[pair.second],
        dataset=cell.dataset,
        length=cell.length,
        sequences=len(found),
        left_out=cell.left_out,
        first_mean=float(cell.scores[:, pair.first].mean()),
        second_mean=float(cell.scores[:, pair.second].mean()),
        mean=float(found.mean()),
        low=low,
        high=high,
        p=p,
        p_adjusted=p_adjusted,
        effect=rank_biserial(found),
    )
