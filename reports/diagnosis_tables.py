"""The tables of a diagnosis, as texts: factors against trackers, levels, two factors at once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from trackbench.analysis.diagnosis import Diagnosis, TrackerDiagnosis
from trackbench.analysis.diagnosis_words import half_in_words, heading, number, signed, value
from trackbench.analysis.factor_effects import FactorEffect, LevelEffect
from trackbench.printing.amounts import DASH

_HEADS = ("Factor", "Level", "Sequences", "Score", "Effect", "95 % interval", "p", "Half is lost")
CROSSED_HEADS = (
    *("Tracker", "One alone", "The other alone", "Sequences", "Together", "Beyond the sum"),
    "95 % interval",
)


@dataclass(frozen=True)
class TextTable:
    """Rows of texts under heads; the first ``texts`` columns are words."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: int
    bold: tuple[bool, ...]


def tables_of(diagnosis: Diagnosis, suite: str, *, levels: bool) -> Iterator[TextTable]:
    """Yield the tables of one suite: factors against trackers, levels if asked for, interactions.

    Args:
        diagnosis: of all suites.
        suite: which of them.
        levels: a table of every level of every factor for each tracker, too.
    """
    found = diagnosis.of_suite(suite)
    yield _overview(suite, found)
    if levels:
        yield from map(_levels, found)
    yield from _interactions(diagnosis, suite)


def crossed_rows(diagnosis: Diagnosis, suite: str) -> list[tuple[str, ...]]:
    """Return a row of texts for each interaction on a suite, under :data:`CROSSED_HEADS`."""
    return [
        (
            each.tracker,
            *(
                f"{factor} {value(level.value)}: {signed(effect)}"
                for factor, level, effect in zip(
                    each.crossed.factors, each.crossed.levels, each.effects, strict=True
                )
            ),
            f"{each.sequences:,}",
            signed(each.together),
            f"{signed(each.beyond)}{'*' if each.told_apart else ''}",
            f"{signed(each.low)} to {signed(each.high)}",
        )
        for each in diagnosis.interactions
        if each.crossed.suite == suite
    ]


def _interactions(diagnosis: Diagnosis, suite: str) -> Iterator[TextTable]:
    rows = crossed_rows(diagnosis, suite)
    if rows:
        yield TextTable(
            title=f"{suite}: two factors at once",
            heads=CROSSED_HEADS,
            rows=tuple(rows),
            texts=3,
            bold=tuple("*" in row[5] for row in rows),
        )


def _overview(suite: str, found: tuple[TrackerDiagnosis, ...]) -> TextTable:
    """Return factors against trackers: the level that costs most, and how much.

    Of a factor of which no twin was run there is no row; a note says which twins these are.
    """
    run = {effect.factor.name for each in found for effect in each.effects if effect.levels}
    factors = [effect.factor for effect in found[0].effects if effect.factor.name in run]
    order = sorted(factors, key=lambda factor: _deepest(found, factor.name))
    rows = tuple(
        (factor.name, *(_most(each.effect_of(factor.name)) for each in found)) for factor in order
    )
    return TextTable(
        title=f"{suite}: the largest loss in mean IoU, and at which level",
        heads=("Factor", *(each.tracker for each in found)),
        rows=rows,
        texts=1,
        bold=tuple("*" in "".join(row) for row in rows),
    )


def lowest(effect: FactorEffect | None) -> LevelEffect | None:
    """Return the level with the lowest mean, whether by chance or not; None: there is none."""
    levels = effect.levels if effect is not None else ()
    return min(levels, key=lambda level: level.effect, default=None)


def _deepest(found: tuple[TrackerDiagnosis, ...], factor: str) -> float:
    levels = [lowest(each.effect_of(factor)) for each in found]
    return min((level.effect for level in levels if level is not None), default=0.0)


def _most(effect: FactorEffect | None) -> str:
    level = lowest(effect)
    if level is None:
        return DASH
    return f"{signed(level.effect)}{'*' if level.told_apart else ''} at {value(level.value)}"


def _levels(found: TrackerDiagnosis) -> TextTable:
    rows = [
        (effect.factor.name, *level_row(level), half_in_words(effect) if last else "")
        for effect in found.effects
        for level in effect.levels
        for last in (level is effect.levels[-1],)
    ]
    return TextTable(
        title=heading(found),
        heads=_HEADS,
        rows=tuple(rows),
        texts=1,
        bold=tuple(level.told_apart for e in found.effects for level in e.levels),
    )


def level_row(level: LevelEffect) -> tuple[str, ...]:
    """Return what stands in tables of a level: its value, sequences, score, effect, interval, p."""
    known = not math.isnan(level.low)
    return (
        value(level.value),
        f"{level.sequences:,}",
        number(level.score),
        signed(level.effect),
        f"{signed(level.low)} to {signed(level.high)}" if known else "n/a",
        ("< 0.001" if level.p_adjusted < 0.001 else f"{level.p_adjusted:.3f}")
        + (" *" if level.told_apart else ""),
    )
