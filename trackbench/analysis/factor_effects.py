"""What each level of a factor does to a tracker's score: paired by sequence, twin minus base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.factor_remarks import NEGLIGIBLE
from trackbench.analysis.factor_scores import FactorScores
from trackbench.factor_contract import Factor, FactorLevel
from trackbench.statistics.bootstrap import resampled_means
from trackbench.statistics.effect_interval import effect_interval
from trackbench.statistics.families import holm
from trackbench.statistics.half_loss import Crossing, half_lost
from trackbench.statistics.sign_flip import sign_flip_p

Floats: TypeAlias = NDArray[np.float64]

ALPHA = 0.01
"""A factor is named if an adjusted p-value is at most this: of a hundred diagnoses of trackers that
no factor touches, one names a factor."""


@dataclass(frozen=True)
class LevelEffect:
    """One level of a factor against the base.

    Attributes:
        value: of the level, in the factor's unit.
        dataset: that has it.
        sequences: how many pairs of scores.
        left_out: sequences of which one of both has no score.
        base, score: mean scores over these pairs.
        effect: mean difference, twin minus base; negative: it costs the tracker so much.
        low, high: ends of its 95 % confidence interval (BCa or Student's, whichever lies farther
            out: :mod:`trackbench.statistics.effect_interval`); NaN for one sequence.
        p: two-sided, by the exact randomisation test (:mod:`trackbench.statistics.sign_flip`).
        p_adjusted: the same, by Holm over all trackers, factors and levels of the diagnosis.
        steepest: index of the sequence that loses most.
    """

    value: float
    dataset: str
    sequences: int
    left_out: int
    base: float
    score: float
    effect: float
    low: float
    high: float
    p: float
    p_adjusted: float
    steepest: int

    @property
    def told_apart(self) -> bool:
        """Whether the effect is more than chance would give in one diagnosis of a hundred."""
        return self.p_adjusted <= ALPHA

    @property
    def costs(self) -> bool:
        """Whether it costs the tracker more than chance and more than next to nothing."""
        return self.told_apart and self.effect <= -NEGLIGIBLE

    @property
    def helps(self) -> bool:
        """Whether the tracker is better there."""
        return self.told_apart and self.effect >= NEGLIGIBLE

    @property
    def surely_little(self) -> bool:
        """Whether it costs next to nothing, as sure as the interval is."""
        return self.low > -NEGLIGIBLE


@dataclass(frozen=True)
class FactorEffect:
    """A tracker and a factor.

    Attributes:
        factor: which.
        base: the base's value of it.
        levels: the others that could be paired, by ascending value.
        half: where half of the base's score is lost, on the way from the base; none: nowhere.
    """

    factor: Factor
    base: float
    levels: tuple[LevelEffect, ...]
    half: tuple[Crossing, ...] = ()

    @property
    def worst(self) -> LevelEffect | None:
        """The level that costs most; None: none does by more than chance."""
        costly = [level for level in self.levels if level.costs]
        return min(costly, key=lambda level: level.effect, default=None)

    @property
    def best(self) -> LevelEffect | None:
        """The level that helps most; None as above."""
        better = [level for level in self.levels if level.helps]
        return max(better, key=lambda level: level.effect, default=None)

    @property
    def costs_nothing(self) -> bool:
        """Whether all levels are there and each surely costs next to nothing."""
        whole = len(self.levels) == len(self.factor.levels) - 1
        return whole and all(level.surely_little for level in self.levels)


def factor_effects(every: Sequence[FactorScores]) -> list[tuple[FactorEffect, ...]]:
    """Return the effects of all factors, for each of several trackers on suites.

    All of it is one family of tests.
    """
    pairs = [pair for of in every for pair in _pairs(of)]
    differences = [pair.differences for pair in pairs]
    p_values = np.array([sign_flip_p(each) for each in differences])
    found = [
        pair.effect(*numbers)
        for pair, *numbers in zip(
            pairs, _intervals(differences), p_values, holm(p_values), strict=True
        )
    ]
    levels: dict[_Key, list[LevelEffect]] = {}
    for pair, effect in zip(pairs, found, strict=True):
        levels.setdefault(_key(pair.of, pair.factor), []).append(effect)
    without_half = [
        [
            FactorEffect(
                factor, of.suite.base_level(factor).value, tuple(levels.get(_key(of, factor), ()))
            )
            for factor in of.suite.factors
        ]
        for of in every
    ]
    halves = _halves([(of, e) for of, own in zip(every, without_half, strict=True) for e in own])
    rest = iter(halves)
    return [tuple(replace(effect, half=next(rest)) for effect in own) for own in without_half]


_Key: TypeAlias = tuple[str, str, str]


def _key(of: FactorScores, factor: Factor) -> _Key:
    return of.tracker, of.suite.id, factor.name


@dataclass(frozen=True)
class _Pair:
    """A level and the base, as one tracker tracked them."""

    of: FactorScores
    factor: Factor
    level: FactorLevel

    @property
    def both(self) -> Floats:
        """(2, n) scores of the base and of the level, of the sequences that have both."""
        scores = np.stack([self.of.scores[self.of.suite.base], self.of.scores[self.level.dataset]])
        return scores[:, np.isfinite(scores).all(axis=0)]

    @property
    def differences(self) -> Floats:
        """(n,) the level's scores minus the base's."""
        found: Floats = np.diff(self.both, axis=0)[0]
        return found

    @property
    def _steepest(self) -> int:
        scores = self.of.scores
        return int(np.nanargmin(scores[self.level.dataset] - scores[self.of.suite.base]))

    def effect(self, interval: tuple[float, float], p: float, p_adjusted: float) -> LevelEffect:
        base, twin = self.both
        return LevelEffect(
            value=self.level.value,
            dataset=self.level.dataset,
            sequences=len(base),
            left_out=len(self.of.scores[self.of.suite.base]) - len(base),
            base=float(base.mean()),
            score=float(twin.mean()),
            effect=float(self.differences.mean()),
            low=interval[0],
            high=interval[1],
            p=float(p),
            p_adjusted=float(p_adjusted),
            steepest=self._steepest,
        )


def _pairs(of: FactorScores) -> Iterator[_Pair]:
    """Yield every level but the base's that has a pair of scores."""
    for factor in of.suite.factors:
        for level in factor.levels:
            pair = _Pair(of, factor, level)
            if level.dataset != of.suite.base and level.dataset in of.scores and pair.both.size:
                yield pair


def _intervals(differences: Sequence[Floats]) -> list[tuple[float, float]]:
    """Return the ends of the mean's interval of each; those of as many share their draws."""
    found: dict[int, tuple[float, float]] = {}
    for alike in _by_length(differences):
        rows = np.stack([differences[i] for i in alike])
        ends = np.stack(effect_interval(rows, farthest=1), axis=-1)
        found |= {i: (low, high) for i, (low, high) in zip(alike, ends.tolist(), strict=True)}
    return [found[i] for i in range(len(differences))]


def _halves(effects: Sequence[tuple[FactorScores, FactorEffect]]) -> list[tuple[Crossing, ...]]:
    """Return where half of the base's score is lost, where a level costs more than chance."""
    asked = [
        (place, way) for place, (of, effect) in enumerate(effects) for way in _ways(of, effect)
    ]
    found: list[list[Crossing]] = [[] for _ in effects]
    rows = [way.scores for _, way in asked]
    for alike in _by_length([each[0] for each in rows]):
        means = resampled_means(np.concatenate([rows[i] for i in alike]))
        ends = np.cumsum([len(rows[i]) for i in alike])
        for i, own in zip(alike, np.split(means, ends[:-1]), strict=True):
            place, way = asked[i]
            crossing = half_lost(way.values, way.scores.mean(axis=1), own)
            if crossing is not None:
                found[place].append(crossing)
    return [tuple(each) for each in found]


@dataclass(frozen=True)
class _Way:
    """From the base to a factor's last level: K values, (K, n) scores of what has them all."""

    values: Floats
    scores: Floats


def _ways(of: FactorScores, effect: FactorEffect) -> Iterator[_Way]:
    """Yield the ways down and up from the base on which a level costs.

    Where a level is missing there is none: a line over the gap would be a guess.
    """
    levels = effect.factor.levels
    down = [level for level in reversed(levels) if level.value <= effect.base]
    up = [level for level in levels if level.value >= effect.base]
    costly = {level.value for level in effect.levels if level.costs}
    for way in (down, up):
        if not costly & {level.value for level in way}:
            continue
        if not of.scores.keys() >= {level.dataset for level in way}:
            continue
        scores = np.stack([of.scores[level.dataset] for level in way])
        scores = scores[:, np.isfinite(scores).all(axis=0)]
        if scores.size:
            yield _Way(np.array([level.value for level in way], np.float64), scores)


def _by_length(rows: Sequence[Floats]) -> list[list[int]]:
    """Return the places of rows that are as long as each other, together."""
    alike: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        alike.setdefault(len(row), []).append(place)
    return list(alike.values())
