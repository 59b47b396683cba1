"""Stored trajectories as another toolkit would read them, and what it makes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.toolkits import got10k, ostrack, pysot, pysot_toolkit, pytracking
from trackbench.metrics.toolkits.curves import Floats, OpeScores
from trackbench.metrics.toolkits.pytracking import Family
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.metrics.toolkits.rows import unknown
from trackbench.metrics.trajectories import Trajectories

_Scores = TypeVar("_Scores")


class Kind(StrEnum):
    """The kind of data set that a toolkit takes it for: that decides about absent frames."""

    OTB = "otb"
    UAV = "uav"
    LASOT = "lasot"


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


@dataclass(frozen=True)
class SequenceBoxes:
    """One sequence as its files would hold it.

    Attributes:
        answers: (T, 4), of imported results the rows of their files. Of a tracker that was run
            ``0,0,0,0`` where it said that there is no target; NaN where it failed or gave no
            numbers.
        truth: (T, 4). Where the target is known to be absent, the row of the data set's file; of
            one that has none ``0,0,0,0``, but NaN in UAV123. NaN where it is unknown.
        visible: (T,), LaSOT's flags say so; without flags, it is not known to be absent.
        nowhere: (T,), it is known to be absent.
        seen: (T,), some of the target can be seen (GOT-10k's cover).
        frame: (height, width); None where it is not stored.
        confidence: (T,), NaN where the tracker gave none.
        as_written: the answers are of files.
    """

    answers: Floats
    truth: Floats
    visible: NDArray[np.bool_]
    nowhere: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    frame: tuple[int, int] | None
    confidence: Floats
    as_written: bool

    @property
    def size(self) -> tuple[int, int]:
        """(height, width), or raise :class:`ToolkitRefusesError` where it is not stored."""
        if self.frame is None:
            raise ToolkitRefusesError("the frames' size is not stored, which the rule needs")
        return self.frame


def boxes_of(tracked: Trajectories, row: int, kind: Kind = Kind.OTB) -> SequenceBoxes:
    """Return a sequence of trajectories, with a truth that can be scored.

    Raises:
        ToolkitRefusesError: nobody knows where the target is after frame 0.
    """
    frames = tracked.iou.shape[1]
    nowhere = _flags(tracked.nowhere, row, frames)
    said_absent = _flags(tracked.absent, row, frames)
    truth, answers = tracked.truth[row].copy(), tracked.predicted[row].copy()
    not_said = unknown(truth) & ~nowhere
    if frames > 1 and not_said[1:].all():
        raise ToolkitRefusesError("there is no truth after that of frame 0")
    if tracked.absent_rows is not None:
        truth[nowhere] = tracked.absent_rows[row][nowhere]
    else:
        truth[nowhere] = np.nan if kind is Kind.UAV else 0.0
    if not tracked.as_written:
        answers[said_absent] = 0.0
    return SequenceBoxes(
        answers=answers,
        truth=truth,
        visible=~(nowhere if tracked.flagged is None else tracked.flagged[row]),
        nowhere=nowhere,
        seen=tracked.visible[row],
        frame=_frame(tracked, row),
        confidence=np.full(frames, np.nan)
        if tracked.confidence is None
        else tracked.confidence[row].astype(np.float64),
        as_written=tracked.as_written,
    )


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
        found = []
        for row in range(len(tracked.iou)):
            try:
                found.append(evaluate(boxes_of(tracked, row, kind)))
            except ToolkitRefusesError as refusal:
                raise ToolkitRefusesError(str(refusal), row) from refusal
        tracked.toolkit_scores[key] = found
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


def _flags(flags: NDArray[np.bool_] | None, row: int, frames: int) -> NDArray[np.bool_]:
    return np.zeros(frames, bool) if flags is None else flags[row]


def _frame(tracked: Trajectories, row: int) -> tuple[int, int] | None:
    if tracked.frame is None:
        return None
    if isinstance(tracked.frame, np.ndarray):
        height, width = tracked.frame[row].tolist()
        return int(height), int(width)
    return tracked.frame
