"""Precision: how far the predicted centre is from the true one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.iou import valid
from trackbench.metrics.trajectories import Trajectories

OTB_PIXELS = 20.0


def centre_error(predicted: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (...): pixels between the centres of boxes (..., 4); infinite for an invalid one."""
    return _distance(predicted, truth, np.ones((*truth.shape[:-1], 2)), valid(predicted))


def precision_otb(tracked: Trajectories) -> NDArray[np.float64]:
    """Return (N,): ``precision20@otb``, the share of frames with a centre error of <= 20 pixels.

    Wu, Lim and Yang, CVPR 2013; ``<=`` as in ``genPerfMat.m``. Every frame counts and frame 0 is
    the truth. On frames of 100 pixels, 20 are much: see ``normalised-precision@trackingnet``.
    """
    error = centre_error(tracked.predicted_with_first_given, tracked.truth)
    share: NDArray[np.float64] = (error <= OTB_PIXELS).mean(axis=-1)
    return share


def _distance(
    predicted: NDArray[np.float64],
    truth: NDArray[np.float64],
    unit: NDArray[np.float64],
    usable: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Return (...): the distance of the centres in ``unit`` (..., 2), infinite if not ``usable``.

    The corner's convention does not matter: half a pixel more or less on both centres cancels.
    """
    predicted = np.where(usable[..., None], predicted, 0.0)
    divisible = usable[..., None] & (unit > 0)
    with np.errstate(over="ignore"):  # a finite box may be infinitely far away
        away = (predicted[..., :2] + predicted[..., 2:] / 2) - (truth[..., :2] + truth[..., 2:] / 2)
        away = np.divide(away, unit, out=np.full(away.shape, np.inf), where=divisible)
        distance: NDArray[np.float64] = np.hypot(away[..., 0], away[..., 1])
    return distance
