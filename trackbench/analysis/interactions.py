"""Two factors at once: whether they cost more together than one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.factor_effects import ALPHA
from trackbench.analysis.factor_scores import CROSSED, FactorScores
from trackbench.factor_contract import Factor, FactorLevel, FactorSuite
from trackbench.results.directory import Results
from trackbench.statistics.effect_interval import effect_interval
from trackbench.statistics.families import holm
from trackbench.statistics.sign_flip import sign_flip_p


@dataclass(frozen=True)
class Crossed:
    """A data set that differs from a suite's base as two of its twins do together.

    Attributes:
        suite: id of the suite.
        dataset: id of the data set.
        factors: names of the two.
        levels: of each.
    """

    suite: str
    dataset: str
    factors: tuple[str, str]
    levels: tuple[FactorLevel, FactorLevel]


@dataclass(frozen=True)
class Interaction:
    """Two factors crossed, as one tracker tracked them.

    Attributes:
        tracker: its id.
        crossed: what was crossed.
        sequences: that have a score on all four data sets.
        base: mean score on the base.
        effects: what each factor alone does to it.
        together: what both do.
        beyond: ``together`` minus the sum of ``effects``; negative: they make each other worse.
        low, high: ends of its 95 % confidence interval.
        p_adjusted: that it is 0, by the exact randomisation test and Holm over all interactions.
    """

    tracker: str
    crossed: Crossed
    sequences: int
    base: float
    effects: tuple[float, float]
    together: float
    beyond: float
    low: float
    high: float
    p_adjusted: float

    @property
    def told_apart(self) -> bool:
        """Whether both together are more, or less, than their sum."""
        return self.p_adjusted <= ALPHA


def crossed_in(results: Results, suites: Sequence[FactorSuite]) -> list[Crossed]:
    """Return the stored data sets that two factors of a suite were changed in.

    They are known by the parameters of their generators, and by noise in the start: both are
    stored.
    """
    stored = {
        # Noise in the start is no parameter of a generator, and changes as much.
        name: {**record.generator, "start_noise": record.start_noise and record.start_noise.iou}
        for name, record in results.datasets.items()
        if isinstance(record.generator, dict)
    }
    return [
        Crossed(suite.id, name, (first.name, second.name), (one, other))
        for suite in suites
        if suite.base in stored
        for name in stored
        if name not in suite.datasets
        for (first, one), (second, other) in combinations(_twins(suite, stored), 2)
        if first is not second
        and results.datasets[name].seed == results.datasets[suite.base].seed
        and _changed(stored, suite.base, name)
        == _changed(stored, suite.base, one.dataset) | _changed(stored, suite.base, other.dataset)
    ]


def with_crossed(suite: FactorSuite, crossed: Sequence[Crossed]) -> FactorSuite:
    """Return a suite that has crossed data sets beside its twins, to be read with them."""
    own = [each.dataset for each in crossed if each.suite == suite.id]
    if not own:
        return suite
    levels = [suite.base, *own]
    factor = Factor(
        name=CROSSED,
        unit="",
        levels=tuple(FactorLevel(value=at, dataset=name) for at, name in enumerate(levels)),
    )
    return replace(suite, factors=(*suite.factors, factor))


def interactions(
    every: Sequence[FactorScores], crossed: Sequence[Crossed]
) -> tuple[Interaction, ...]:
    """Return the interactions of all trackers; one family of tests.

    Args:
        every: scores that were read :func:`with_crossed`.
        crossed: what was crossed.
    """
    found = list(_found(every, crossed))
    adjusted = holm(np.array([p for _, p in found])).tolist() if found else []
    return tuple(replace(one, p_adjusted=p) for (one, _), p in zip(found, adjusted, strict=True))


def _found(
    every: Sequence[FactorScores], crossed: Sequence[Crossed]
) -> Iterator[tuple[Interaction, float]]:
    for of in every:
        for each in crossed:
            names = (of.suite.base, *(level.dataset for level in each.levels), each.dataset)
            if each.suite == of.suite.id and of.scores.keys() >= set(names):
                scores = np.stack([of.scores[name] for name in names])
                scores = scores[:, np.isfinite(scores).all(axis=0)]
                if scores.size:
                    yield _interaction(of.tracker, each, scores), sign_flip_p(_beyond(scores))


def _interaction(tracker: str, crossed: Crossed, scores: NDArray[np.float64]) -> Interaction:
    base, first, second, both = scores.mean(axis=1).tolist()
    beyond = _beyond(scores)
    low, high = effect_interval(beyond[None], farthest=2)
    return Interaction(
        tracker=tracker,
        crossed=crossed,
        sequences=len(beyond),
        base=base,
        effects=(first - base, second - base),
        together=both - base,
        beyond=float(beyond.mean()),
        low=float(low[0]),
        high=float(high[0]),
        p_adjusted=1.0,
    )


def _beyond(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n,) what both do beyond their sum, of (4, n) scores: base, each, both."""
    base, first, second, both = scores
    beyond: NDArray[np.float64] = both - first - second + base
    return beyond


def _twins(suite: FactorSuite, stored: Collection[str]) -> list[tuple[Factor, FactorLevel]]:
    return [
        (factor, level)
        for factor in suite.factors
        for level in factor.levels
        if level.dataset != suite.base and level.dataset in stored
    ]


def _changed(stored: Mapping[str, Mapping[str, object]], base: str, name: str) -> dict[str, object]:
    ours = stored[base]
    return {key: value for key, value in stored[name].items() if ours.get(key) != value}
