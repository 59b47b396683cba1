"""visionml/pytracking's ``extract_results`` and ``print_results``."""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.toolkits.curves import (
    OVERLAPS,
    PIXELS,
    SIZES,
    Floats,
    OpeScores,
    quiet,
    share_above,
    share_within,
)
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError, refuse_one_frame
from trackbench.metrics.toolkits.rows import every, length, some, unknown


class Family(Enum):
    """Which data set it is to the toolkit: that decides what becomes of frames without a truth."""

    OTB = "otb"
    """A miss in precision, a hit in normalised precision; NaN is refused."""
    UAV = "uav"
    """A hit in both precisions; NaN is let through."""
    LASOT = "lasot"
    """As OTB, but a miss in both where the flag says that the target is not to be seen."""


def evaluate(
    answers: Floats,
    truth: Floats,
    family: Family = Family.OTB,
    visible: NDArray[np.bool_] | None = None,
    *,
    only_valid: bool = False,
    whole_box_positive: bool = True,
    toolkit: str = "pytracking",
    one_frame: bool = False,
) -> OpeScores:
    """Return the scores of a sequence.

    The first answer is replaced by the truth. An answer without width or height becomes the one
    before it. A frame whose truth is not valid is a failure in success; what it is in the
    precisions, the family says. The overlap is not clipped: rounding may carry it beyond 1. The
    toolkit's curves are float32, these float64.

    Args:
        answers: (T, 4).
        truth: (T, 4).
        family: which kind of data set.
        visible: (T,), used for LaSOT alone: a frame that is not visible is not valid.
        only_valid: shares are of the valid frames alone (``exclude_invalid_frames``); the hits of
            the others stay, so a share may exceed 1.
        whole_box_positive: valid is a truth whose four numbers are all above 0; False: whose width
            and height are.
        toolkit: what a refusal names.
        one_frame: take a single frame, which the toolkit cannot read.

    Raises:
        ToolkitRefusesError: what the toolkit raises at: one frame, answers with NaN or of negative
            size, truths with NaN where it is not UAV, no valid frame if only those count, and an
            overlap that is NaN.
    """
    if not one_frame:
        refuse_one_frame(toolkit, len(truth))
    _check(answers, truth, family, toolkit)
    answers = _repaired(answers, truth)
    with quiet():
        valid = every((truth if whole_box_positive else truth[:, 2:]) > 0)
        hidden = np.zeros(len(truth), bool)
        if family is Family.LASOT and visible is not None:
            hidden = ~visible
            valid &= visible
        error = _error(_centres(answers), _centres(truth))
        size = truth[:, 2:]
        normalised = _error(_centres(answers) / size, _centres(truth) / size)
        error[~valid] = -1.0 if family is Family.UAV else np.inf
        normalised[~valid] = -1.0
        error[hidden] = normalised[hidden] = np.inf
        overlap = np.where(valid, _overlap(answers, truth), -1.0)
    if np.isnan(overlap).any():
        at = int(np.flatnonzero(np.isnan(overlap))[0])
        raise ToolkitRefusesError(f"{toolkit} stops at frame {at}: the overlap there is no number")
    frames = int(valid.sum()) if only_valid else len(truth)
    if not frames:
        raise ToolkitRefusesError(f"{toolkit} stops at a sequence without a valid frame")
    counted = overlap[valid]
    return OpeScores(
        success=share_above(overlap, OVERLAPS, frames),
        precision=share_within(error, PIXELS, frames),
        normalised=share_within(normalised, SIZES, frames),
        overlap=float(counted.mean()) if counted.size else float("nan"),
    )


def _check(answers: Floats, truth: Floats, family: Family, toolkit: str) -> None:
    with quiet():
        wrong = unknown(answers) | some(answers[:, 2:] < 0)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        what = "is NaN" if np.isnan(answers[at]).any() else "has a negative size"
        raise ToolkitRefusesError(f"{toolkit} stops at frame {at}: the tracker's box {what}")
    nowhere = unknown(truth)
    if nowhere.any() and family is not Family.UAV:
        at = int(np.flatnonzero(nowhere)[0])
        raise ToolkitRefusesError(
            f"{toolkit} stops at frame {at}: the true box is NaN, which it takes of UAV123 alone"
        )


def _repaired(answers: Floats, truth: Floats) -> Floats:
    """Return the answers, those without a size exchanged for the one before, the first for truth.

    In that order: an answer at frame 1 without a size becomes the tracker's own first box.
    """
    answers = answers.copy()
    sizeless = some(answers[:, 2:] == 0) & ~unknown(truth)
    for at in np.flatnonzero(sizeless):
        if at:
            answers[at] = answers[at - 1]
    answers[0] = truth[0]
    return answers


def _overlap(a: Floats, b: Floats) -> Floats:
    """Return (T,) IoU, not clipped; pixels are inclusive there, which rounding shows."""
    first = np.maximum(a[:, :2], b[:, :2])
    last = np.minimum(a[:, :2] + a[:, 2:] - 1.0, b[:, :2] + b[:, 2:] - 1.0)
    sides = np.maximum(last - first + 1.0, 0.0)
    both = sides[:, 0] * sides[:, 1]
    overlap: Floats = both / (a[:, 2] * a[:, 3] + b[:, 2] * b[:, 3] - both)
    return overlap


def _error(a: Floats, b: Floats) -> Floats:
    return length(a - b)


def _centres(boxes: Floats) -> Floats:
    centres: Floats = boxes[:, :2] + 0.5 * (boxes[:, 2:] - 1.0)
    return centres
