"""VOT's measures of one pass as metrics: accuracy, the long-term ones, and VOTS's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.metric import Metric, Pooled
from trackbench.metrics.toolkit_boxes import SequenceBoxes
from trackbench.metrics.toolkit_rules import for_each
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.metrics.toolkits.rows import unknown
from trackbench.metrics.toolkits.vot_accuracy import BURN_IN, accuracy
from trackbench.metrics.toolkits.vot_longterm import (
    LongTermRun,
    PrecisionRecall,
    long_term_run,
    precision_recall,
)
from trackbench.metrics.toolkits.vots import Presence, presence
from trackbench.metrics.trajectories import Trajectories

Floats = NDArray[np.float64]

_SOURCE = "as vot-toolkit 0.9.0"
_OVERLAP = (
    "overlap of boxes whose x, y, width and height are each rounded, counted in the frame's pixels"
)
_NO_BOX = (
    "a failed tracker's frames count as boxes without a size, NaN of imported files as no region"
)


def _accuracy_of(burn_in: int, boxes: SequenceBoxes) -> float:
    return accuracy(_answers(boxes), boxes.truth, boxes.size, burn_in=burn_in)


def _accuracy(burn_in: int, tracked: Trajectories) -> Floats:
    return np.array(for_each(tracked, ("vot", burn_in), partial(_accuracy_of, burn_in)))


def _frames(tracked: Trajectories) -> Floats:
    return np.full(len(tracked.iou), float(tracked.iou.shape[1]))


def _long_term(boxes: SequenceBoxes) -> LongTermRun:
    if np.isnan(boxes.confidence).all():
        raise ToolkitRefusesError("the tracker gave no confidence, from which the curve is drawn")
    sure = boxes.confidence
    if not boxes.as_written:  # as a file without it, while NaN in a file is NaN
        sure = np.where(np.isnan(sure), 0.0, sure)
    return long_term_run(_answers(boxes), boxes.truth, sure, boxes.size)


def _curve(read: Callable[[PrecisionRecall], float], tracked: Trajectories) -> Floats:
    return np.array([read(precision_recall([run])) for run in _runs(tracked)])


def _curve_of_all(read: Callable[[PrecisionRecall], float], runs: list[LongTermRun]) -> float:
    return read(precision_recall(runs)) if runs else float("nan")


def _runs(tracked: Trajectories) -> list[LongTermRun]:
    return for_each(tracked, "vot-lt", _long_term)


def _presence(boxes: SequenceBoxes) -> Presence:
    return presence(_answers(boxes), boxes.truth, boxes.size)


def _read(read: Callable[[Presence], float], tracked: Trajectories) -> Floats:
    return np.array([read(found) for found in for_each(tracked, "vots", _presence)])


def _answers(boxes: SequenceBoxes) -> Floats:
    """Return the answers, without NaN: what the toolkit leaves out would flatter a failure.

    What stands in files of another toolkit stands here, too.
    """
    if boxes.as_written:
        return boxes.answers
    answers = boxes.answers.copy()
    answers[unknown(answers)] = 0.0
    return answers


def _said(equation: str, averaging: str) -> str:
    return (
        f"{equation}; {_SOURCE}; {_OVERLAP}; frames of unknown truth are left out, absent is a "
        f"truth without a size; {_NO_BOX}; {averaging}"
    )


def _accuracy_metric(burn_in: int, variant: str) -> Metric:
    return Metric(
        f"accuracy@vot{variant}",
        _said(
            f"mean overlap without the first {burn_in} frames (0 of none)"
            if burn_in > 1
            else "mean overlap without frame 0",
            "sequences weigh as they have frames",
        ),
        partial(_accuracy, burn_in),
        weights=_frames,
        every_frame=True,
        strict=True,
    )


def _long_term_metric(number: str, equation: str) -> Metric:
    return Metric(
        f"{number}@vot-lt",
        _said(
            f"{equation} at the confidence with the highest F; frame 0 counts with overlap 0, and "
            "a frame without a confidence with 0 (in imported files at no threshold)",
            "curves are averaged over sequences, each alike, before F is taken",
        ),
        partial(_curve, attrgetter(number)),
        pooled=Pooled(_runs, partial(_curve_of_all, attrgetter(number))),
        every_frame=True,
        strict=True,
    )


ACCURACY = _accuracy_metric(BURN_IN, "")
ACCURACY_OF_STACKS = _accuracy_metric(1, ":burn-in-1")

LONG_TERM: tuple[Metric, ...] = (
    _long_term_metric("precision", "mean overlap of the frames that are as sure"),
    _long_term_metric("recall", "overlap of the frames that are as sure over those of known truth"),
    _long_term_metric("f", "harmonic mean of precision and recall"),
)

VOTS: tuple[Metric, ...] = (
    Metric(
        "accuracy@vots",
        _said(
            "mean overlap of the frames that are tracked, and that of frame 0, which is 0",
            "sequences count alike",
        ),
        partial(_read, attrgetter("accuracy")),
        every_frame=True,
        strict=True,
    ),
    Metric(
        "robustness@vots",
        _said(
            "share of the frames with a target whose overlap is above 0; frame 0 counts as missed",
            "sequences with a target count alike",
        ),
        partial(_read, attrgetter("robustness")),
        every_frame=True,
    ),
    Metric(
        "adq@vots",
        _said(
            "absence-detection quality: share of the frames without a target for which the tracker "
            "said so",
            "sequences with more than ten such frames count alike",
        ),
        partial(_read, attrgetter("absence_detection_quality")),
        every_frame=True,
    ),
)
