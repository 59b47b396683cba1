"""STVIR/pysot's ``OPEBenchmark``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.toolkits.curves import (
    OVERLAPS,
    PIXELS,
    SIZES,
    Floats,
    OpeScores,
    distance,
    quiet,
    share_above,
    share_within,
)
from trackbench.metrics.toolkits.rows import every


def evaluate(
    answers: Floats,
    truth: Floats,
    visible: NDArray[np.bool_] | None = None,
    *,
    whole_box_positive: bool = False,
) -> OpeScores:
    """Return ``eval_success``, ``eval_precision`` and ``eval_norm_precision`` of a sequence.

    Every frame counts, the first as the tracker gave it. A truth without width or height is a
    failure in success, and a *hit* at every threshold in both precisions, if its centre is not
    right of and below 0 (its distance is set to -1).

    Args:
        answers: (T, 4).
        truth: (T, 4); NaN or 0 where there is none.
        visible: (T,), LaSOT's column: frames that are not are left out, and yet the shares are of
            all T. None: the data set has no such column (OTB, UAV123).
        whole_box_positive: success needs all four numbers of a truth to be above 0, not its size
            alone, as in StrangerZhang/pysot-toolkit.
    """
    frames = len(truth)
    if visible is not None:
        answers, truth = answers[visible], truth[visible]
    with quiet():
        needed = truth if whole_box_positive else truth[:, 2:]
        counted = every(needed > 0)
        overlap = np.where(counted, _overlap(truth, answers), -1.0)
        size = truth[:, 2:] + 1e-16
        return OpeScores(
            success=share_above(overlap, OVERLAPS, frames),
            precision=share_within(_error(_centres(answers), _centres(truth)), PIXELS, frames),
            normalised=share_within(
                _error(_centres(answers) / size, _centres(truth) / size), SIZES, frames
            ),
        )


def _overlap(a: Floats, b: Floats) -> Floats:
    """Return (T,) IoU in [0, 1], NaN where a box is NaN or the union is empty."""
    first = np.maximum(a[:, :2], b[:, :2])
    last = np.minimum(a[:, :2] + a[:, 2:], b[:, :2] + b[:, 2:])
    sides = np.maximum(0, last - first)
    both = sides[:, 0] * sides[:, 1]
    union = a[:, 2] * a[:, 3] + b[:, 2] * b[:, 3] - both
    overlap: Floats = np.maximum(np.minimum(1, both / union), 0)
    return overlap


def _error(answered: Floats, true: Floats) -> Floats:
    """Return (T,): the distance; -1 where the true centre is not positive."""
    return np.where(every(true > 0), distance(true, answered), -1.0)


def _centres(boxes: Floats) -> Floats:
    centres: Floats = boxes[:, :2] + (boxes[:, 2:] - 1) / 2
    return centres
