"""A diagnosis as text for people, as Markdown and as JSON: sentences first, numbers after."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.text import Text

from trackbench.analysis.diagnosis import Diagnosis, TrackerDiagnosis
from trackbench.analysis.diagnosis_words import half_in_words, number, sentence, signed, value
from trackbench.analysis.factor_effects import ALPHA, NEGLIGIBLE, FactorEffect, LevelEffect
from trackbench.analysis.interactions import Interaction
from trackbench.printing.amounts import DASH, counted
from trackbench.printing.markdown import escape, markdown_table
from trackbench.printing.terminal_tables import Column, print_columns
from trackbench.printing.text import visible
from trackbench.statistics.effect_interval import unseen_share

if TYPE_CHECKING:
    from rich.console import Console

_HEADS = ("Factor", "Level", "Sequences", "Score", "Effect", "95 % interval", "p", "Half is lost")

CROSSED_HEADS = (
    *("Tracker", "One alone", "The other alone", "Sequences", "Together", "Beyond the sum"),
    "95 % interval",
)


@dataclass(frozen=True)
class _Table:
    """Rows of texts under heads; the first ``texts`` columns are words."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: int
    bold: tuple[bool, ...]


def print_diagnosis(diagnosis: Diagnosis, console: Console, *, levels: bool) -> None:
    """Print a sentence for each tracker, factors against trackers, and notes.

    Args:
        diagnosis: which.
        console: to print to.
        levels: print every level of every factor, too.
    """
    for suite in diagnosis.suites:
        for found in diagnosis.of_suite(suite):
            line = f"{heading(found)}: {sentence(found)}"
            console.print(Text(visible(line)), soft_wrap=not console.is_terminal)
        for table in _tables(diagnosis, suite, levels=levels):
            styles = ["bold" if bold else "" for bold in table.bold]
            print_columns(console, table.title, _columns(table), styles, keys=min(table.texts, 2))
    for note in notes(diagnosis):
        console.print(Text(visible(note), style="dim"), soft_wrap=not console.is_terminal)


def _columns(table: _Table) -> list[Column]:
    return [
        Column(visible(head), [visible(row[at]) for row in table.rows], left=at < table.texts)
        for at, head in enumerate(table.heads)
    ]


def diagnosis_markdown(diagnosis: Diagnosis, *, levels: bool) -> str:
    """Return the same in Markdown."""
    parts = []
    for suite in diagnosis.suites:
        parts.append(
            "\n".join(
                f"- **{escape(heading(found))}**: {escape(sentence(found))}"
                for found in diagnosis.of_suite(suite)
            )
        )
        for table in _tables(diagnosis, suite, levels=levels):
            heads = [escape(head) for head in table.heads]
            lines = markdown_table(heads, table.rows, text=set(range(table.texts)))
            parts.append("\n".join([f"**{escape(table.title)}**", "", *lines]))
    parts.append("\n".join(f"- {escape(note)}" for note in notes(diagnosis)))
    return "\n\n".join(parts) + "\n"


def diagnosis_json(diagnosis: Diagnosis) -> str:
    """Return all of it; what is no number, or lies beyond the last level, is null."""
    whole = {
        "protocol": diagnosis.protocol.value,
        "alpha": ALPHA,
        "negligible": NEGLIGIBLE,
        "tests": diagnosis.tests,
        "trackers": [_tracker(found) for found in diagnosis.trackers],
        "interactions": [_interaction(found) for found in diagnosis.interactions],
        "notes": list(diagnosis.notes),
    }
    return json.dumps(whole, indent=1, allow_nan=False) + "\n"


def heading(found: TrackerDiagnosis) -> str:
    """Return who, on what, and how well there."""
    return (
        f"{found.tracker} on {found.suite} ({number(found.score)} on the base, "
        f"{counted(found.sequences, 'sequence')} of {_frames(found)})"
    )


def _frames(found: TrackerDiagnosis) -> str:
    return f"{found.length} frames" if isinstance(found.length, int) else "full length"


def notes(diagnosis: Diagnosis) -> list[str]:
    """Return how the numbers are to be read, and what is to be known of them."""
    effect = (
        "Effect: mean difference of the scores of the same sequences, with the factor at that "
        "level minus on the base; all else is the same."
    )
    interval = (
        "Interval: 95 %, each end that of the BCa bootstrap over sequences (levels expanded for "
        "few of them) or of Student's t, whichever lies farther out. p: of the exact randomisation "
        "test (signs of differences flipped), adjusted by Holm over all "
        f"{diagnosis.tests:,} tests of this diagnosis; * p <= {ALPHA:g}, so at most one diagnosis "
        "in a hundred names a factor that does nothing."
    )
    named = (
        f"Named: what costs {NEGLIGIBLE:g} or more and is told apart. Costs nothing: the intervals "
        f"of all levels end above -{NEGLIGIBLE:g}. Half is lost: where the mean falls to half of "
        "the base's, between levels by a straight line, with a 95 % interval of percentiles."
    )
    score = (
        f"Score: mean mask IoU over frames; protocol {diagnosis.protocol.value}: "
        f"{diagnosis.protocol.description}."
    )
    found = [effect, interval, named, *_unseen(diagnosis), score]
    if diagnosis.interactions:
        found.append(
            "Beyond the sum: what two factors do together minus what each does alone; negative: "
            "they make each other worse. A score does not fall below 0, so two large losses are "
            f"together less than their sum. Adjusted by Holm over {len(diagnosis.interactions)} "
            "interactions."
        )
    return [*found, *diagnosis.notes]


def _unseen(diagnosis: Diagnosis) -> list[str]:
    """Return a line where so few sequences were paired that a rare loss may be in none of them."""
    levels = [e for found in diagnosis.trackers for each in found.effects for e in each.levels]
    fewest = min((level.sequences for level in levels), default=0)
    share = unseen_share(fewest) if fewest else 0.0
    if share <= NEGLIGIBLE:
        return []
    line = (
        f"What befalls fewer than {100 * share:.0f} % of all videos may be in none of "
        f'{counted(fewest, "sequence")}: neither an interval nor "costs nothing" knows of it.'
    )
    return [line]


def _tables(diagnosis: Diagnosis, suite: str, *, levels: bool) -> Iterator[_Table]:
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


def _interactions(diagnosis: Diagnosis, suite: str) -> Iterator[_Table]:
    rows = crossed_rows(diagnosis, suite)
    if rows:
        yield _Table(
            title=f"{suite}: two factors at once",
            heads=CROSSED_HEADS,
            rows=tuple(rows),
            texts=3,
            bold=tuple("*" in row[5] for row in rows),
        )


def _overview(suite: str, found: tuple[TrackerDiagnosis, ...]) -> _Table:
    """Return factors against trackers: the level that costs most, and how much.

    Of a factor of which no twin was run there is no row; a note says which twins these are.
    """
    run = {effect.factor.name for each in found for effect in each.effects if effect.levels}
    factors = [effect.factor for effect in found[0].effects if effect.factor.name in run]
    order = sorted(factors, key=lambda factor: _deepest(found, factor.name))
    rows = tuple(
        (factor.name, *(_most(each.effect_of(factor.name)) for each in found)) for factor in order
    )
    return _Table(
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


def _levels(found: TrackerDiagnosis) -> _Table:
    rows = [
        (effect.factor.name, *level_row(level), half_in_words(effect) if last else "")
        for effect in found.effects
        for level in effect.levels
        for last in (level is effect.levels[-1],)
    ]
    return _Table(
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


def _tracker(found: TrackerDiagnosis) -> dict[str, Any]:
    return {
        "tracker": found.tracker,
        "suite": found.suite,
        "base": found.base,
        "length": found.length,
        "sequences": found.sequences,
        "score": _number(found.score),
        "sentence": sentence(found),
        "named": [effect.factor.name for effect in found.named],
        "missing": list(found.missing),
        "factors": [_factor(effect) for effect in found.effects],
    }


def _factor(effect: FactorEffect) -> dict[str, Any]:
    return {
        "factor": effect.factor.name,
        "unit": effect.factor.unit,
        "base": effect.base,
        "costs_nothing": effect.costs_nothing,
        "half_lost": [
            {"at": _number(each.at), "near": _number(each.low), "far": _number(each.high)}
            for each in effect.half
        ],
        "levels": [_level(level) for level in effect.levels],
    }


def _level(level: LevelEffect) -> dict[str, Any]:
    return {
        "value": level.value,
        "dataset": level.dataset,
        "sequences": level.sequences,
        "left_out": level.left_out,
        "base": level.base,
        "score": level.score,
        "effect": level.effect,
        "low": _number(level.low),
        "high": _number(level.high),
        "p": level.p,
        "p_adjusted": level.p_adjusted,
        "told_apart": level.told_apart,
        "steepest": level.steepest,
    }


def _interaction(found: Interaction) -> dict[str, Any]:
    return {
        "tracker": found.tracker,
        "suite": found.crossed.suite,
        "dataset": found.crossed.dataset,
        "factors": list(found.crossed.factors),
        "levels": [level.value for level in found.crossed.levels],
        "sequences": found.sequences,
        "effects": list(found.effects),
        "together": found.together,
        "beyond": found.beyond,
        "low": _number(found.low),
        "high": _number(found.high),
        "p_adjusted": found.p_adjusted,
    }


def _number(of: float) -> float | None:
    return of if math.isfinite(of) else None
