"""What other toolkits make of stored trajectories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from trackbench.metrics.toolkit_boxes import NO_TRUTH, AllBoxes, Kind, SequenceBoxes, all_boxes
from trackbench.metrics.toolkits import got10k, ostrack, pysot, pysot_toolkit, pytracking
from trackbench.metrics.toolkits.curves import OpeScores
from trackbench.metrics.toolkits.pytracking import Family
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.metrics.trajectories import Trajectories

_Scores = TypeVar("_Scores")


_LAYOUTS = {
    "uav123": Kind.UAV,
    "uav20l": Kind.UAV,
    "lasot": Kind.LASOT,
    "lasot-ext": Kind.LASOT,
}
"""Layouts of readers, of which the toolkits have a rule."""


@dataclass(frozen=True)
class Rule:
    """How boxes are evaluated.

    Attributes:
        toolkit: whose functions.
        kind: of data set; None: what its files are, OTB's if they are none of UAV123's or LaSOT's.
        only_valid: pytracking's and OSTrack's ``exclude_invalid_frames``.
    """

    toolkit: str
    kind: Kind | None = None
    only_valid: bool = False

    def of(self, tracked: Trajectories) -> Kind:
        """Return the kind of the data set of trajectories."""
        return self.kind or kind_of(tracked.layout)


def kind_of(layout: str | None) -> Kind:
    """Return the kind that a data set of a layout on disk is to a toolkit; None: of none."""
    return _LAYOUTS.get(layout or "", Kind.OTB)


def evaluated(tracked: Trajectories, rule: Rule) -> list[OpeScores]:
    """Return what a toolkit's one-pass evaluation says of each of N sequences.

    Raises:
        ToolkitRefusesError: it stops at one of them.
    """
    kind = rule.of(tracked)

    def evaluate(boxes: SequenceBoxes) -> OpeScores:
        return _TOOLKITS[rule.toolkit](boxes, kind, rule.only_valid)

    return for_each(tracked, (rule.toolkit, kind, rule.only_valid), evaluate, kind)


def for_each(
    tracked: Trajectories,
    key: object,
    evaluate: Callable[[SequenceBoxes], _Scores],
    kind: Kind = Kind.OTB,
) -> list[_Scores]:
    """Return what ``evaluate`` makes of each sequence; once, for ``key`` names it.

    Raises:
        ToolkitRefusesError: of a sequence, whose number in the trajectories it has.
    """
    if key not in tracked.toolkit_scores:
        boxes, found = all_boxes(tracked, kind), []
        for row in range(len(tracked.iou)):
            try:
                found.append(evaluate(boxes.of(row)))
            except ToolkitRefusesError as refusal:
                raise ToolkitRefusesError(str(refusal), row) from refusal
        tracked.toolkit_scores[key] = found
    scores: list[_Scores] = tracked.toolkit_scores[key]
    return scores


def for_all(
    tracked: Trajectories, key: object, evaluate: Callable[[AllBoxes], list[_Scores]]
) -> list[_Scores]:
    """Return what ``evaluate`` makes of all sequences at once; as :func:`for_each` does of each.

    For rules that refuse nothing and take frames each by itself.

    Raises:
        ToolkitRefusesError: nobody knows where the target of a sequence is.
    """
    if key not in tracked.toolkit_scores:
        boxes = all_boxes(tracked, Kind.OTB)
        if boxes.refused.any():
            raise ToolkitRefusesError(NO_TRUTH, int(boxes.refused.argmax()))
        tracked.toolkit_scores[key] = evaluate(boxes)
    scores: list[_Scores] = tracked.toolkit_scores[key]
    return scores


def _got10k(boxes: SequenceBoxes, kind: Kind, only_valid: bool) -> OpeScores:  # noqa: ARG001
    evaluate = {
        Kind.OTB: got10k.evaluate_otb,
        Kind.UAV: got10k.evaluate_uav123,
        Kind.LASOT: got10k.evaluate_lasot,
    }
    return evaluate[kind](boxes.answers, boxes.truth)


def _pysot(boxes: SequenceBoxes, kind: Kind, only_valid: bool) -> OpeScores:  # noqa: ARG001
    visible = boxes.visible if kind is Kind.LASOT else None
    return pysot.evaluate(boxes.answers, boxes.truth, visible)


def _pysot_toolkit(
    boxes: SequenceBoxes,
    kind: Kind,
    only_valid: bool,  # noqa: ARG001 - the toolkits share a signature
) -> OpeScores:
    visible = boxes.visible if kind is Kind.LASOT else None
    return pysot_toolkit.evaluate(boxes.answers, boxes.truth, visible)


def _pytracking(boxes: SequenceBoxes, kind: Kind, only_valid: bool) -> OpeScores:
    family = Family(kind.value)
    return pytracking.evaluate(
        boxes.answers, boxes.truth, family, boxes.visible, only_valid=only_valid
    )


def _ostrack(boxes: SequenceBoxes, kind: Kind, only_valid: bool) -> OpeScores:
    family = Family(kind.value)
    return ostrack.evaluate(
        boxes.answers, boxes.truth, family, boxes.visible, only_valid=only_valid
    )


_TOOLKITS: dict[str, Callable[[SequenceBoxes, Kind, bool], OpeScores]] = {
    "got10k": _got10k,
    "pysot": _pysot,
    "pysot-toolkit": _pysot_toolkit,
    "pytracking": _pytracking,
    "ostrack": _ostrack,
}
