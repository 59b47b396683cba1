"""The page's section on why trackers fail: sentences, a heat map, a curve a factor, twin strips."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trackbench.analysis.diagnosis import Diagnosis, TrackerDiagnosis
from trackbench.analysis.diagnosis_words import half_in_words, number, sentence, signed, value
from trackbench.analysis.factor_effects import FactorEffect, LevelEffect
from trackbench.factor_contract import Factor
from trackbench.printing.amounts import DASH, counted
from trackbench.printing.text import visible
from trackbench.report_contract import FramesOf
from trackbench.reports.diagnosis_tables import CROSSED_HEADS, crossed_rows, level_row, lowest
from trackbench.reports.diagnosis_text import notes
from trackbench.reports.html.charts import Axis, Chart, Series, round_top
from trackbench.reports.html.svg_layout import Drawing, drawing
from trackbench.reports.html.tables import Cell, HtmlTable, decimal
from trackbench.reports.html.tracker_styles import Look
from trackbench.reports.html.twin_strips import TwinStrips, twin_strips
from trackbench.results.directory import Results

SHADES = 6
"""Of a heat map, in ``style.css``; each stands for a tenth of mean IoU that is lost."""


@dataclass(frozen=True)
class HeatCell:
    """A factor and a tracker.

    Attributes:
        text: the largest loss.
        note: at which level.
        shade: 0 where nothing is told apart, up to :data:`SHADES`.
    """

    text: str
    note: str
    shade: int


@dataclass(frozen=True)
class HeatMap:
    """Factors by trackers; rows by the largest loss of any tracker."""

    looks: tuple[Look, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]


@dataclass(frozen=True)
class Told:
    """What is said of a tracker on a suite: who, how well on the base, and the sentence."""

    look: Look
    where: str
    sentence: str


@dataclass(frozen=True)
class SuiteSection:
    """One factor suite."""

    suite: str
    told: tuple[Told, ...]
    heat: HeatMap
    curves: tuple[Drawing, ...]
    crossed: HtmlTable | None
    strips: tuple[TwinStrips, ...]


@dataclass(frozen=True)
class DiagnosisSection:
    """All factor suites of a results directory."""

    suites: tuple[SuiteSection, ...]
    notes: tuple[str, ...]


def diagnosis_section(
    found: Diagnosis, results: Results, looks: Mapping[str, Look], frames: FramesOf | None
) -> DiagnosisSection:
    """Return the section.

    Args:
        found: the diagnosis.
        results: that it is of.
        looks: of every tracker.
        frames: makes pictures; None: there are none.
    """
    suites = [
        _suite(f"why-{place}", suite, found, results, looks, frames)
        for place, suite in enumerate(found.suites)
    ]
    return DiagnosisSection(tuple(suites), tuple(map(visible, notes(found))))


def _suite(
    id_: str,
    suite: str,
    whole: Diagnosis,
    results: Results,
    looks: Mapping[str, Look],
    frames: FramesOf | None,
) -> SuiteSection:
    found = whole.of_suite(suite)
    order = sorted((e.factor for e in found[0].effects), key=lambda f: _deepest(found, f))
    curves = (_curve(f"{id_}-{at}", factor, found, looks) for at, factor in enumerate(order))
    strips = (twin_strips(results, each, looks[each.tracker], frames) for each in found)
    return SuiteSection(
        suite=visible(suite),
        told=tuple(
            Told(
                looks[each.tracker],
                f"{number(each.score)} on the base, {counted(each.sequences, 'sequence')}",
                visible(sentence(each)),
            )
            for each in found
        ),
        heat=HeatMap(
            tuple(looks[each.tracker] for each in found),
            tuple((visible(factor.name), _heat_row(factor, found)) for factor in order),
        ),
        curves=tuple(drawing(chart) for chart in curves if chart is not None),
        crossed=_crossed(whole, suite),
        strips=tuple(each for each in strips if each is not None),
    )


def _crossed(found: Diagnosis, suite: str) -> HtmlTable | None:
    """Return what two factors do together; None: nothing was crossed."""
    rows = crossed_rows(found, suite)
    if not rows:
        return None
    return HtmlTable(
        caption=f"{visible(suite)}: two factors at once",
        heads=CROSSED_HEADS,
        rows=tuple(tuple(Cell(visible(text)) for text in row) for row in rows),
        texts=3,
    )


def _deepest(found: Sequence[TrackerDiagnosis], factor: Factor) -> float:
    levels = (lowest(each.effect_of(factor.name)) for each in found)
    return min((level.effect for level in levels if level is not None), default=0.0)


def _heat_row(factor: Factor, found: Sequence[TrackerDiagnosis]) -> tuple[HeatCell, ...]:
    return tuple(_heat(lowest(each.effect_of(factor.name))) for each in found)


def _heat(level: LevelEffect | None) -> HeatCell:
    if level is None:
        return HeatCell(DASH, "", 0)
    shade = min(SHADES, 1 + math.floor(-level.effect * 10)) if level.costs else 0
    star = "*" if level.told_apart else ""
    return HeatCell(f"{signed(level.effect)}{star}", f"at {value(level.value)}", shade)


def _curve(
    id_: str, factor: Factor, found: Sequence[TrackerDiagnosis], looks: Mapping[str, Look]
) -> Chart | None:
    """Return mean scores by the levels of a factor; None: nobody has another than the base's."""
    own = [(looks[each.tracker], each, each.effect_of(factor.name)) for each in found]
    lines = [(look, _scores(each, effect)) for look, each, effect in own if effect is not None]
    top = max((s for _, scores in lines for s in scores.values()), default=0.0)
    if not any(len(scores) > 1 for _, scores in lines):
        return None
    halves = [
        f"{look.name}: half is lost at {half_in_words(effect)}."
        for look, _, effect in own
        if effect is not None and effect.half
    ]
    base = next(effect.base for _, _, effect in own if effect is not None)
    places = {level.value: at for at, level in enumerate(factor.levels)}
    ticks = [(at, value(v) + (" (base)" if v == base else "")) for v, at in places.items()]
    title = visible(factor.name.capitalize())
    return Chart(
        id=id_,
        title=title,
        summary=f"Mean IoU by {visible(factor.name)}. {' '.join(halves)}",
        x=Axis(visible(factor.unit), 0, len(places) - 1, tuple(ticks)),
        y=Axis("mean IoU", 0, round_top(top)),
        series=tuple(
            Series(look, tuple((places[v], score) for v, score in sorted(scores.items())))
            for look, scores in lines
        ),
        table=_numbers(title, factor, own),
        findings=tuple(halves),
    )


def _scores(found: TrackerDiagnosis, effect: FactorEffect) -> dict[float, float]:
    """Return level -> mean score, the base's included."""
    return {effect.base: found.score} | {level.value: level.score for level in effect.levels}


def _numbers(
    title: str,
    factor: Factor,
    own: Sequence[tuple[Look, TrackerDiagnosis, FactorEffect | None]],
) -> HtmlTable:
    rows = []
    for level in factor.levels:
        cells = [_level_cell(level.value, found, effect) for _, found, effect in own]
        rows.append((Cell(value(level.value)), *cells))
    return HtmlTable(
        caption=f"{title}: mean IoU, and its difference to the base with its 95 % interval",
        heads=(visible(factor.unit), *(look.name for look, _, _ in own)),
        rows=tuple(rows),
    )


def _level_cell(at: float, found: TrackerDiagnosis, effect: FactorEffect | None) -> Cell:
    if effect is not None and at == effect.base:
        return Cell(decimal(found.score))
    for level in effect.levels if effect is not None else ():
        if level.value == at:
            _, _, _, changed, interval, p = level_row(level)
            return Cell(decimal(level.score), notes=(f"{changed}: {interval}", f"p {p}"))
    return Cell(DASH)
