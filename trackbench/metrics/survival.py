"""Survival: how long trackers stay with their target at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.runs import begin_of_run
from trackbench.metrics.trajectories import Trajectories

LOST_FRAMES = 10


def survival_curve(iou: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (T,): for each frame t, the share of N sequences that are not lost by then.

    A sequence is lost from the frame on in which its mask IoU has been 0 for ten frames in a row:
    at frame t, ``iou[t - 9 : t + 1]`` is the first such run. It stays lost, even if the target is
    met again. The curve therefore never rises, and starts at 1 for the nine frames in which no run
    can be complete. (It is the empirical survival function of reliability statistics; ours, for no
    toolkit has it.)

    Args:
        iou: (N, T).
    """
    lost = begin_of_run(iou <= 0.0, LOST_FRAMES) + LOST_FRAMES - 1
    alive: NDArray[np.float64] = (lost[:, None] > np.arange(iou.shape[1])).mean(axis=0)
    return alive


def survived(tracked: Trajectories) -> NDArray[np.float64]:
    """Return (N,): ``survival``, 1 for a sequence that is never lost and 0 for one that is.

    The mean over sequences is the last point of :func:`survival_curve`.
    """
    length = tracked.iou.shape[1]
    alive: NDArray[np.float64]
    alive = (begin_of_run(tracked.iou <= 0.0, LOST_FRAMES) == length).astype(np.float64)
    return alive
