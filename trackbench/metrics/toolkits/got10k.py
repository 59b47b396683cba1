"""got10k's toolkit: ``rect_iou``, and the reports of its experiments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.toolkits.curves import (
    OVERLAPS,
    PIXELS,
    Floats,
    OpeScores,
    distance,
    quiet,
    share_above,
    share_within,
)
from trackbench.metrics.toolkits.refusal import refuse_one_frame
from trackbench.metrics.toolkits.rows import length, product, unknown

_TOOLKIT = "got10k's toolkit"
_EPSILON = float(np.finfo(float).eps)
_SIZES: Floats = np.linspace(0.0, 0.5, 51)


@dataclass(frozen=True)
class FrameOverlaps:
    """The IoU of the frames that count, of one sequence or of many, one after the other.

    NaN is what comes of no frames, or of one whose truth is NaN.
    """

    iou: Floats

    @property
    def ao(self) -> float:
        """Mean IoU."""
        return float(self.iou.mean()) if self.iou.size else float("nan")

    @property
    def sr50(self) -> float:
        """Share of frames with IoU > 0.5; NaN is not above."""
        return self._above(0.5)

    @property
    def sr75(self) -> float:
        """Share of frames with IoU > 0.75."""
        return self._above(0.75)

    def _above(self, threshold: float) -> float:
        return float((self.iou > threshold).mean()) if self.iou.size else float("nan")


def evaluate_got10k(
    answers: Floats, truth: Floats, covered: NDArray[np.bool_], frame: tuple[int, int]
) -> FrameOverlaps:
    """Return what ``ExperimentGOT10k.report`` takes of a sequence.

    Frame 0 and frames that are not ``covered`` (T,) are left out; boxes are moved into the
    ``frame`` (height, width). Its total is over all frames of all sequences: :func:`all_frames`.

    Raises:
        ToolkitRefusesError: a single frame.
    """
    refuse_one_frame(_TOOLKIT, len(truth))
    iou = rectangle_iou(answers[1:], truth[1:], bound=frame)
    return FrameOverlaps(iou[covered[1:]])


def all_frames(sequences: Sequence[FrameOverlaps]) -> FrameOverlaps:
    """Return the frames of all sequences, as the report's ``overall`` has them."""
    return FrameOverlaps(np.concatenate([each.iou for each in sequences]))


def evaluate_otb(answers: Floats, truth: Floats) -> OpeScores:
    """Return ``ExperimentOTB.report`` of a sequence: every frame, the first being the truth's.

    A frame whose truth is NaN counts as a failure.

    Raises:
        ToolkitRefusesError: a single frame.
    """
    refuse_one_frame(_TOOLKIT, len(truth))
    return _curves(_with_given_start(answers, truth), truth)


def evaluate_uav123(answers: Floats, truth: Floats) -> OpeScores:
    """Return ``ExperimentUAV123.report`` of a sequence: as OTB, but without frames of NaN truth.

    NaN where no frame is left.

    Raises:
        ToolkitRefusesError: a single frame.
    """
    refuse_one_frame(_TOOLKIT, len(truth))
    answers = _with_given_start(answers, truth)
    known = ~unknown(truth)
    return _curves(answers[known], truth[known])


def evaluate_lasot(answers: Floats, truth: Floats) -> OpeScores:
    """Return ``ExperimentLaSOT.report`` of a sequence: as UAV123, with normalised precision.

    The centres' difference is divided by the true box's size, which is held to at least 1. The
    toolkit's own score is the mean of the curve.

    Raises:
        ToolkitRefusesError: a single frame.
    """
    refuse_one_frame(_TOOLKIT, len(truth))
    answers = _with_given_start(answers, truth)
    known = ~unknown(truth)
    answers, truth = answers[known], truth[known]
    curves = _curves(answers, truth)
    with quiet():
        apart = (_centres(answers) - _centres(truth)) / np.maximum(1.0, truth[:, 2:])
        errors = length(apart)
    return OpeScores(curves.success, curves.precision, share_within(errors, _SIZES, len(truth)))


def rectangle_iou(
    a: Floats, b: Floats, bound: NDArray[np.int64] | tuple[int, int] | None = None
) -> Floats:
    """Return (T,): ``rect_iou`` of boxes (T, 4), clipped to [0, 1]; NaN in a box is NaN.

    Args:
        a: boxes.
        b: boxes.
        bound: (height, width) that both are moved into, or (T, 2), those of each frame: the corner
            is clamped first and the size cut then, so that a box with a negative origin slides in.
    """
    with quiet():
        if bound is not None:
            a, b = _moved(a, bound), _moved(b, bound)
        first = np.maximum(a[:, :2], b[:, :2])
        last = np.minimum(a[:, :2] + a[:, 2:], b[:, :2] + b[:, 2:])
        both = product(np.maximum(last - first, 0))
        union = product(a[:, 2:]) + product(b[:, 2:]) - both
        iou: Floats = np.clip(both / (union + _EPSILON), 0.0, 1.0)
    return iou


def _moved(boxes: Floats, bound: NDArray[np.int64] | tuple[int, int]) -> Floats:
    size = np.asarray(bound, np.float64)[..., ::-1]
    corner = np.clip(boxes[:, :2], 0, size)
    return np.concatenate([corner, np.clip(boxes[:, 2:], 0, size - corner)], axis=1)


def _with_given_start(answers: Floats, truth: Floats) -> Floats:
    return np.concatenate([truth[:1], answers[1:]])


def _curves(answers: Floats, truth: Floats) -> OpeScores:
    frames = len(truth)
    with quiet():
        errors = distance(_centres(answers), _centres(truth))
    return OpeScores(
        success=share_above(rectangle_iou(answers, truth), OVERLAPS, frames),
        precision=share_within(errors, PIXELS, frames),
    )


def _centres(boxes: Floats) -> Floats:
    centres: Floats = boxes[:, :2] + (boxes[:, 2:] - 1) / 2
    return centres
