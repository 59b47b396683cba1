"""Trackers compared on the sequences that all of them tracked: is the difference noise?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import DamagedFileError, TrackbenchError, UnknownIdError
from trackbench.results import Results, Run
from trackbench.statistics.bootstrap import mean_interval
from trackbench.statistics.families import holm
from trackbench.statistics.ranking import friedman_p, joined, mean_ranks
from trackbench.statistics.signed_rank import rank_biserial, signed_rank_p

ALPHA = 0.05
"""Two trackers are told apart if the adjusted p-value is at most this."""


@dataclass(frozen=True)
class Difference:
    """Two trackers in one cell: ``first`` minus ``second``, so positive is better for the first.

    Attributes:
        first, second: the trackers.
        dataset, length: the cell.
        sequences: how many pairs of scores.
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
    length: int
    sequences: int
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


@dataclass(frozen=True)
class Comparison:
    """Every pair in every cell, and a ranking a length where there are three trackers or more."""

    differences: tuple[Difference, ...]
    rankings: tuple[Ranking, ...]


def compare(results: Results, trackers: list[str]) -> Comparison:
    """Compare trackers of one results directory, paired by sequence.

    The cells are those of the data sets that all the trackers have.

    Args:
        results: of one protocol.
        trackers: two ids or more; one without a version means the newest there is.

    Raises:
        TrackbenchError: fewer than two, one twice, an unknown one, or no data set in common.
        DamagedFileError: a score is no number.
    """
    chosen = [_resolved(results, wanted) for wanted in trackers]
    if len(chosen) < 2:
        raise TrackbenchError("compare needs two trackers or more")
    if len(set(chosen)) < len(chosen):
        raise TrackbenchError(f"a tracker is given twice: {', '.join(chosen)}")
    runs = _common(results, chosen)
    found = [
        difference
        for pair in combinations(chosen, 2)
        for shared in runs
        for difference in _differences(shared[pair[0]], shared[pair[1]])
    ]
    adjusted = holm(np.array([difference.p for difference in found]))
    differences = tuple(
        replace(difference, p_adjusted=float(p))
        for difference, p in zip(found, adjusted, strict=True)
    )
    return Comparison(differences, _rankings(runs, chosen) if len(chosen) > 2 else ())


def _resolved(results: Results, wanted: str) -> str:
    """Return the stored tracker that an id means."""
    if wanted in results.trackers:
        return wanted
    versions = {
        int(match[1]): tracker
        for tracker in results.trackers
        if (match := re.fullmatch(re.escape(wanted) + r"-v([1-9][0-9]*)", tracker))
    }
    if not versions:
        names = {re.sub(r"-v[1-9][0-9]*$", "", tracker) for tracker in results.trackers}
        raise UnknownIdError(f"tracker in {results.path}", wanted, {*results.trackers, *names})
    return versions[max(versions)]


def _common(results: Results, trackers: list[str]) -> list[dict[str, Run]]:
    """Return the runs by tracker, for each data set that all of them have, in suite order."""
    by_dataset: dict[str, dict[str, Run]] = {}
    for run in sorted(results.runs, key=lambda run: (run.dataset.position, run.dataset.id)):
        by_dataset.setdefault(run.record.dataset, {})[run.record.tracker] = run
    common = [runs for runs in by_dataset.values() if runs.keys() >= set(trackers)]
    if not common:
        raise TrackbenchError(
            f"no data set in {results.path} has a finished run of {' and '.join(trackers)}"
        )
    for runs in common:
        for tracker in trackers:
            if not np.isfinite(runs[tracker].scores).all():
                raise DamagedFileError(f"{runs[tracker].folder} holds scores that are no numbers")
    return common


def _differences(first: Run, second: Run) -> Iterator[Difference]:
    """Yield a difference for each length, not yet adjusted."""
    differences = first.scores - second.scores
    low, high = mean_interval(differences.T)
    for column, length in enumerate(first.dataset.lengths):
        p = signed_rank_p(differences[:, column])
        yield Difference(
            first=first.record.tracker,
            second=second.record.tracker,
            dataset=first.record.dataset,
            length=length,
            sequences=len(differences),
            first_mean=float(first.scores[:, column].mean()),
            second_mean=float(second.scores[:, column].mean()),
            mean=float(differences[:, column].mean()),
            low=float(low[column]),
            high=float(high[column]),
            p=p,
            p_adjusted=p,
            effect=rank_biserial(differences[:, column]),
        )


def _rankings(runs: list[dict[str, Run]], trackers: list[str]) -> tuple[Ranking, ...]:
    """Rank at each length that every data set has, over the sequences of all."""
    lengths = sorted(set.intersection(*(set(_lengths(shared)) for shared in runs)))
    scores = [_pooled(runs, trackers, length) for length in lengths]
    pairs = list(combinations(range(len(trackers)), 2))
    p_values = holm(np.array([signed_rank_p(s[:, i] - s[:, j]) for s in scores for i, j in pairs]))
    rankings = []
    for number, (length, pooled) in enumerate(zip(lengths, scores, strict=True)):
        overall = friedman_p(pooled)
        told_apart = np.zeros((len(trackers),) * 2, bool)
        for (i, j), p in zip(pairs, p_values[number * len(pairs) :], strict=False):
            told_apart[i, j] = told_apart[j, i] = overall <= ALPHA and p <= ALPHA
        ranked = _ranked(trackers, pooled, told_apart)
        rankings.append(Ranking(length, len(pooled), overall, ranked))
    return tuple(rankings)


def _lengths(shared: dict[str, Run]) -> tuple[int, ...]:
    return next(iter(shared.values())).dataset.lengths


def _pooled(runs: list[dict[str, Run]], trackers: list[str], length: int) -> NDArray[np.float64]:
    """Return (N, K) scores of K trackers on the sequences of all data sets."""
    return np.concatenate(
        [
            np.stack(
                [shared[name].scores[:, _lengths(shared).index(length)] for name in trackers], 1
            )
            for shared in runs
        ]
    )


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
