"""Why a tracker fails: what each factor of a suite does to its score, with all else the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trackbench.analysis.factor_effects import ALPHA, FactorEffect, factor_effects
from trackbench.analysis.factor_scores import FactorScores
from trackbench.analysis.interactions import Interaction
from trackbench.metrics.evaluation_protocol import EvaluationProtocol, Length
from trackbench.printing.amounts import counted
from trackbench.statistics.sign_flip import smallest_p_value

LITTLE = 0.1
"""A mean score on the base below which a tracker has hardly anything to lose."""


@dataclass(frozen=True)
class TrackerDiagnosis:
    """One tracker on one factor suite.

    Attributes:
        tracker: its id.
        suite, base: ids of the suite and of its base data set.
        length: frames that are scored.
        sequences: of the base that have a score.
        score: mean over these.
        effects: of each factor; those that cost it more than chance first, by the largest loss,
            then the others in the order of the suite.
        missing: ids of the twins that are not there.
    """

    tracker: str
    suite: str
    base: str
    length: Length
    sequences: int
    score: float
    effects: tuple[FactorEffect, ...]
    missing: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[FactorEffect, ...]:
        """The factors that cost it more than chance, by the largest loss."""
        return tuple(effect for effect in self.effects if effect.worst is not None)

    @property
    def little_to_lose(self) -> bool:
        """Whether it is so bad on the base that what costs it nothing is not told."""
        return not self.score >= LITTLE

    def effect_of(self, factor: str) -> FactorEffect | None:
        """Return the effect of a factor by its name; None: the suite has none of it."""
        return next((each for each in self.effects if each.factor.name == factor), None)


@dataclass(frozen=True)
class Diagnosis:
    """Every tracker on every factor suite of a results directory.

    Attributes:
        protocol: of the results.
        trackers: one for each tracker and suite.
        tests: how many p-values Holm's procedure adjusted together.
        notes: what a reader has to know of what was paired and what was left out.
        interactions: of factors that were crossed, where they were asked for.
    """

    protocol: EvaluationProtocol
    trackers: tuple[TrackerDiagnosis, ...]
    tests: int
    notes: tuple[str, ...] = ()
    interactions: tuple[Interaction, ...] = ()

    @property
    def suites(self) -> tuple[str, ...]:
        """Ids of the suites."""
        return tuple(dict.fromkeys(each.suite for each in self.trackers))

    def of_suite(self, suite: str) -> tuple[TrackerDiagnosis, ...]:
        """Return the trackers on one suite."""
        return tuple(each for each in self.trackers if each.suite == suite)


def diagnosis(
    every: Sequence[FactorScores],
    protocol: EvaluationProtocol = EvaluationProtocol.PAPER_V1,
    notes: Sequence[str] = (),
) -> Diagnosis:
    """Diagnose trackers from their scores on bases and twins.

    Args:
        every: a tracker on a suite each.
        protocol: by which they were scored.
        notes: what is known of them already.
    """
    effects = factor_effects(every)
    found = tuple(_diagnosed(of, own) for of, own in zip(every, effects, strict=True))
    tests = sum(len(effect.levels) for own in effects for effect in own)
    return Diagnosis(protocol, found, tests, (*notes, *_too_few(found, tests)))


def _diagnosed(of: FactorScores, effects: tuple[FactorEffect, ...]) -> TrackerDiagnosis:
    base = of.scores[of.suite.base]
    base = base[np.isfinite(base)]
    return TrackerDiagnosis(
        tracker=of.tracker,
        suite=of.suite.id,
        base=of.suite.base,
        length=of.length,
        sequences=len(base),
        score=float(base.mean()) if len(base) else float("nan"),
        effects=tuple(sorted(effects, key=_largest_loss_first)),
        missing=of.missing,
    )


def _largest_loss_first(effect: FactorEffect) -> float:
    """Return what sorts the factors; equal ones stay in the order of the suite."""
    return 0.0 if effect.worst is None else effect.worst.effect


def _too_few(found: Sequence[TrackerDiagnosis], tests: int) -> list[str]:
    """Return a line for each suite of which no factor could ever be named: it says so itself."""
    notes = {}
    for each in found:
        most = max((level.sequences for e in each.effects for level in e.levels), default=0)
        if tests and smallest_p_value(most) * tests > ALPHA:
            needed = next(n for n in range(1, 1100) if smallest_p_value(n) * tests <= ALPHA)
            notes[each.suite, most] = (
                f"{each.suite}: with {counted(most, 'sequence')} no factor can be told from chance "
                f"in {counted(tests, 'test')}; it takes {needed} or more."
            )
    return list(notes.values())
