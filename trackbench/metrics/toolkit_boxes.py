"""Stored trajectories as another toolkit would read them from its files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.toolkits.curves import Floats
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.metrics.toolkits.rows import unknown
from trackbench.metrics.trajectories import Trajectories

NO_TRUTH = "there is no truth after that of frame 0"


class Kind(StrEnum):
    """The kind of data set that a toolkit takes it for: that decides about absent frames."""

    OTB = "otb"
    UAV = "uav"
    LASOT = "lasot"


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


@dataclass(frozen=True)
class AllBoxes:
    """N sequences of T frames, as :class:`SequenceBoxes` has one.

    Attributes:
        answers, truth, visible, nowhere, seen, confidence, as_written: those of each.
        frame: (N, 2), (height, width) of each, or one such pair; None where it is not stored.
        refused: (N,), nobody knows where the target is after frame 0.
    """

    answers: Floats
    truth: Floats
    visible: NDArray[np.bool_]
    nowhere: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    frame: NDArray[np.int64] | tuple[int, int] | None
    confidence: Floats
    as_written: bool
    refused: NDArray[np.bool_]

    def of(self, row: int) -> SequenceBoxes:
        """Return a sequence, with a truth that can be scored.

        Raises:
            ToolkitRefusesError: nobody knows where the target is after frame 0.
        """
        if self.refused[row]:
            raise ToolkitRefusesError(NO_TRUTH)
        return SequenceBoxes(
            answers=self.answers[row],
            truth=self.truth[row],
            visible=self.visible[row],
            nowhere=self.nowhere[row],
            seen=self.seen[row],
            frame=self._frame(row),
            confidence=self.confidence[row],
            as_written=self.as_written,
        )

    def _frame(self, row: int) -> tuple[int, int] | None:
        if isinstance(self.frame, np.ndarray):
            height, width = self.frame[row].tolist()
            return int(height), int(width)
        return self.frame


def all_boxes(tracked: Trajectories, kind: Kind) -> AllBoxes:
    """Return the sequences of trajectories as a toolkit's files of such a data set hold them."""
    shape = tracked.iou.shape
    nowhere = np.zeros(shape, bool) if tracked.nowhere is None else tracked.nowhere
    truth, answers = tracked.truth.copy(), tracked.predicted.copy()
    not_said = _unknown(truth) & ~nowhere
    if tracked.absent_rows is not None:
        truth[nowhere] = tracked.absent_rows[nowhere]
    else:
        truth[nowhere] = np.nan if kind is Kind.UAV else 0.0
    if not tracked.as_written and tracked.absent is not None:
        answers[tracked.absent] = 0.0
    return AllBoxes(
        answers=answers,
        truth=truth,
        visible=~(nowhere if tracked.flagged is None else tracked.flagged),
        nowhere=nowhere,
        seen=tracked.visible,
        frame=tracked.frame,
        confidence=np.full(shape, np.nan)
        if tracked.confidence is None
        else tracked.confidence.astype(np.float64),
        as_written=tracked.as_written,
        refused=not_said[:, 1:].all(axis=1) & (shape[1] > 1),
    )


def _unknown(boxes: Floats) -> NDArray[np.bool_]:
    """Return (N, T): a number of the box (N, T, 4) is NaN."""
    return unknown(boxes.reshape(-1, 4)).reshape(boxes.shape[:-1])
