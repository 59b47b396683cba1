"""The success curve and the area under it (Wu, Lim and Yang, CVPR 2013 and PAMI 2015)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.rectangle_iou import box_iou
from trackbench.metrics.trajectories import Trajectories

OTB_THRESHOLDS: NDArray[np.float64] = np.linspace(0.0, 1.0, 21)
"""0, 0.05, ..., 1."""


def success_curve(
    iou: NDArray[np.float64], thresholds: NDArray[np.float64] = OTB_THRESHOLDS
) -> NDArray[np.float64]:
    """Return (..., K): the share of frames whose IoU is above each of K thresholds.

    As OTB's toolkit codes it (``genPerfMat.m``: ``errCoverage > thresholdSetOverlap``), *above*
    is ``>``: the last point, at 1, is 0 even for the truth itself.

    Args:
        iou: (..., T), T >= 1.
        thresholds: (K,) in [0, 1].
    """
    # One threshold at a time: (..., T, K) would be 21 times the results.
    return np.stack([(iou > threshold).mean(axis=-1) for threshold in thresholds], axis=-1)


def auc_otb(tracked: Trajectories) -> NDArray[np.float64]:
    """Return (N,): ``auc@otb``, the mean of the success curve over its 21 thresholds.

    IoU is that of real rectangles, neither rounded nor cut at the frame. Every frame counts, and
    that of frame 0 is the truth's, as in OTB's ``calcSeqErrRobust.m``. Since 21 thresholds stand
    for the area and none is passed at 1, a perfect tracker gets 20/21 = 0.952.
    """
    iou = box_iou(tracked.predicted_with_first_given, tracked.truth)
    area: NDArray[np.float64] = success_curve(iou).mean(axis=-1)
    return area
