"""A diagnosis in a sentence that a person can use."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from trackbench.analysis.diagnosis import TrackerDiagnosis
from trackbench.analysis.factor_effects import FactorEffect, LevelEffect
from trackbench.printing.amounts import counted
from trackbench.statistics.half_loss import Crossing

MOST = 3
"""Factors of a sentence that are told with their numbers."""


def sentence(found: TrackerDiagnosis) -> str:
    """Return what costs a tracker most, what helps it, what costs it nothing, what is not known."""
    return f"{'; '.join(_parts(found))}."


def heading(found: TrackerDiagnosis) -> str:
    """Return who, on what, and how well there."""
    return (
        f"{found.tracker} on {found.suite} ({number(found.score)} on the base, "
        f"{counted(found.sequences, 'sequence')} of {_frames(found)})"
    )


def _frames(found: TrackerDiagnosis) -> str:
    return f"{found.length} frames" if isinstance(found.length, int) else "full length"


def _parts(found: TrackerDiagnosis) -> Iterator[str]:
    named = [(each, each.worst) for each in found.effects if each.worst is not None]
    if named:
        told = ", then to ".join(_loss(*each) for each in named[:MOST])
        others = _names([effect for effect, _ in named[MOST:]])
        more = f", then to {_listed(others)}" if others else ""
        yield f"loses most to {told}{more}"
    else:
        yield "no factor costs it more than chance would"
    if math.isnan(found.score):
        yield "no sequence of the base has a score"
        return
    if found.little_to_lose:
        yield (
            f"it scores {number(found.score)} on the base, which leaves little to lose: what "
            "costs it nothing is not told"
        )
        return
    gains = [(each, each.best) for each in found.effects if each.best is not None]
    if gains:
        effect, best = max(gains, key=lambda gain: gain[1].effect)
        yield f"is best helped by {_gain(effect, best)}"
    rest = [each for each in found.effects if each.worst is None]
    nothing = [each for each in rest if each.costs_nothing]
    if nothing:
        verb = "costs" if len(nothing) == 1 else "cost"
        yield f"{_listed(_names(nothing))} {verb} it nothing"
    unknown = [each for each in rest if each.levels and not each.costs_nothing]
    if unknown:
        yield f"not known to cost it anything: {_listed(_names(unknown))}"


def _loss(effect: FactorEffect, worst: LevelEffect) -> str:
    halves = [each for each in effect.half if _same_way(effect, each, worst)]
    half = f", half of its score by {value(halves[0].at)}" if halves else ""
    return f"{_changed(effect, worst)}{half})"


def _same_way(effect: FactorEffect, crossing: Crossing, level: LevelEffect) -> bool:
    return (crossing.at - effect.base) * (level.value - effect.base) > 0


def _gain(effect: FactorEffect, best: LevelEffect) -> str:
    return f"{_changed(effect, best)} instead of {value(effect.base)})"


def _changed(effect: FactorEffect, level: LevelEffect) -> str:
    """Return a factor, what its levels count, and what one of them does, in an open bracket."""
    unit = f"{effect.factor.unit}: " if effect.factor.unit else ""
    return f"{effect.factor.name} ({unit}{signed(level.effect)} at {value(level.value)}"


def _names(effects: Sequence[FactorEffect]) -> list[str]:
    return [effect.factor.name for effect in effects]


def _listed(words: Sequence[str]) -> str:
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last


def half_in_words(effect: FactorEffect) -> str:
    """Return where half of the score is lost with its interval, by ascending value; or nothing."""
    return "; ".join(_crossing(effect, each) for each in effect.half)


def _crossing(effect: FactorEffect, found: Crossing) -> str:
    ends = sorted((found.low, found.high))
    last = [level.value for level in effect.factor.levels][-1 if found.at > effect.base else 0]
    said = [f"past {value(last)}" if math.isinf(end) else value(end) for end in ends]
    if found.at < effect.base and math.isinf(ends[-1]):
        said.reverse()  # what lies past the lowest level is the lower end
    return f"{value(found.at)} ({said[0]} to {said[1]})"


def value(level: float) -> str:
    """Return a level's value in three digits at most: ``9000``, ``0.125``, ``5.4``."""
    return f"{level:.0f}" if abs(level) >= 100 else f"{level:.3g}"


def number(score: float) -> str:
    """Return a score in two decimals, as ``.41``; a dash for NaN."""
    if math.isnan(score):
        return "–"
    text = f"{score:z.2f}"
    return text.replace("0.", ".", 1) if abs(score) < 0.995 else text


def signed(effect: float) -> str:
    """Return a difference in two decimals with its sign, as ``-.41``; a dash for NaN."""
    if math.isnan(effect):
        return "–"
    return ("+" if effect > 0 and f"{effect:.2f}" != "0.00" else "") + number(effect)
