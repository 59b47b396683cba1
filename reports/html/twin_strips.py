"""The twin pair that differs most: film strips of the base above, and of its twin below."""

from __future__ import annotations

from dataclasses import dataclass

from trackbench.analysis.diagnosis import TrackerDiagnosis
from trackbench.analysis.diagnosis_words import value
from trackbench.analysis.factor_effects import FactorEffect, LevelEffect
from trackbench.report_contract import FramesOf
from trackbench.reports.html.strips import Strip, strip_of
from trackbench.reports.html.tracker_styles import Look
from trackbench.results.directory import Results
from trackbench.results.run import Run


@dataclass(frozen=True)
class TwinStrips:
    """One sequence at two levels of a factor, as one tracker tracked it.

    Attributes:
        look: of the tracker.
        caption: which factor and levels.
        strips: the base's and the twin's.
    """

    look: Look
    caption: str
    strips: tuple[Strip, Strip]


def twin_strips(
    results: Results,
    found: TrackerDiagnosis,
    look: Look,
    frames: FramesOf | None,
) -> TwinStrips | None:
    """Return the strips of the sequence that loses most at the level that costs most.

    None: no level is there, or the data sets are runs from several starts.
    """
    runs = {run.dataset.id: run for run in results.runs if run.record.tracker == found.tracker}
    base = runs[found.base]
    costliest = _costliest(found)
    if costliest is None or base.dataset.anchored is not None:
        return None
    effect, level = costliest
    shown = (("base", base, effect.base), ("twin", runs[level.dataset], level.value))
    first, second = (
        strip_of(
            run,
            level.steepest,
            look,
            place,
            f"{effect.factor.name} {value(at)}",
            _score(run, level.steepest, found),
            frames,
        )
        for place, run, at in shown
    )
    caption = (
        f"{effect.factor.name}: {value(effect.base)} above, {value(level.value)} below "
        f"({effect.factor.unit}); all else is the same"
    )
    return TwinStrips(look, caption, (first, second))


def _costliest(found: TrackerDiagnosis) -> tuple[FactorEffect, LevelEffect] | None:
    """Return the level that costs most; of no factor that is named, the lowest mean."""
    every = [(effect, level) for effect in found.effects for level in effect.levels]
    costly = [(effect, level) for effect, level in every if level.costs]
    return min(costly or every, key=lambda each: each[1].effect, default=None)


def _score(run: Run, sequence: int, found: TrackerDiagnosis) -> float:
    length = run.dataset.lengths[-1] if isinstance(found.length, str) else found.length
    return float(run.scores_at((length,))[sequence, 0])
