"""Average overlap and success rate (Huang, Zhao and Huang, GOT-10k, PAMI 2019)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.iou import valid
from trackbench.metrics.toolkit_boxes import AllBoxes
from trackbench.metrics.toolkit_rules import for_all
from trackbench.metrics.toolkits.got10k import FrameOverlaps, rectangle_iou
from trackbench.metrics.toolkits.rows import unknown
from trackbench.metrics.trajectories import Trajectories

_LAYOUT = "got10k"


def average_overlap_got10k(tracked: Trajectories) -> NDArray[np.float64]:
    """Return (N,): ``ao@got10k``, the mean IoU of each sequence as GOT-10k's toolkit takes it.

    As ``ExperimentGOT10k.report`` of toolkit 0.1.3 does for ``val``: frame 0 is left out, so are
    frames in which nothing of the target can be seen, and IoU is its ``rect_iou`` after both boxes
    are moved into the frame; where the frame's size is not known, they are left as they are. This
    is the toolkit's ``seq_wise`` number; its ``overall``, and the number of a table here, are over
    all frames of all sequences: a sequence weighs as it has frames that count
    (:func:`counted_frames`).

    Two things are our own, for the toolkit has nothing to say of them: an invalid box of a tracker
    that was run has an IoU of 0 and not of NaN (of imported files NaN is NaN); and of data that are
    not in GOT-10k's layout, which have no cover, frames without a true box are left out.

    NaN for a sequence without a frame that counts.
    """
    return np.array([each.ao for each in _overlaps(tracked)])


def success_rate_got10k(tracked: Trajectories, threshold: float) -> NDArray[np.float64]:
    """Return (N,): ``sr50@got10k`` or ``sr75@got10k``, the share of frames with IoU above it.

    *Above* is ``>``; frames and IoU are those of :func:`average_overlap_got10k`.
    """
    return np.array(
        [
            float((each.iou > threshold).mean()) if each.iou.size else np.nan
            for each in _overlaps(tracked)
        ]
    )


def counted_frames(tracked: Trajectories) -> NDArray[np.float64]:
    """Return (N,): the frames of each sequence that count in :func:`average_overlap_got10k`."""
    return np.array([float(len(each.iou)) for each in _overlaps(tracked)])


def _overlaps(tracked: Trajectories) -> list[FrameOverlaps]:
    own_layout = tracked.layout == _LAYOUT

    def evaluate(boxes: AllBoxes) -> list[FrameOverlaps]:
        answers, truth = boxes.answers.reshape(-1, 4), boxes.truth.reshape(-1, 4)
        counted = boxes.seen.copy()
        counted[:, :1] = False
        if not own_layout:
            counted &= ~(boxes.nowhere | unknown(truth).reshape(counted.shape))
        iou = rectangle_iou(answers, truth, bound=_bound(boxes))
        if not boxes.as_written:
            iou = np.where(valid(answers), iou, 0.0)
        each = zip(iou.reshape(counted.shape), counted, strict=True)
        return [FrameOverlaps(of_frames[counts]) for of_frames, counts in each]

    return for_all(tracked, "ao@got10k", evaluate)


def _bound(boxes: AllBoxes) -> NDArray[np.int64] | tuple[int, int] | None:
    """Return (height, width) of all frames, or (N T, 2) of each."""
    if isinstance(boxes.frame, np.ndarray):
        return np.repeat(boxes.frame, boxes.seen.shape[1], axis=0)
    return boxes.frame
