"""How long trackers stay with their target: robustness as VOT has it, and survival."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.trajectories import Trajectories

FAILURE_IOU = 0.1
GRACE_FRAMES = 10

LOST_FRAMES = 10


def robustness(tracked: Trajectories) -> NDArray[np.float64]:
    """Return (N,): the share of frames before the first failure, 1 where there is none.

    A failure is the first frame of ten in a row whose mask IoU is <= 0.1, as in VOT 2020 and later
    (Kristan et al., The Eighth VOT Challenge Results, ECCV Workshops 2020; ``AccuracyRobustness``
    in ``vot/analysis/multistart.py`` of the VOT toolkit: threshold 0.1, grace 10). A dip that ends
    within nine frames, by recovery or by the end of the sequence, is none. The tracker is not
    restarted.

    Two things differ from VOT, so the name is not VOT's: VOT starts trackers at several anchors,
    forwards and backwards, here there is one start, at frame 0; and VOT weights sequences by their
    length, a table here weights them alike.
    """
    length = tracked.iou.shape[1]
    share: NDArray[np.float64]
    share = begin_of_run(tracked.iou <= FAILURE_IOU, GRACE_FRAMES) / length
    return share


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


def begin_of_run(flags: NDArray[np.bool_], frames: int) -> NDArray[np.int64]:
    """Return (N,): where the first run of at least ``frames`` True begins; T where there is none.

    Args:
        flags: (N, T).
        frames: length of a run, >= 1.
    """
    count, length = flags.shape
    if length < frames:
        return np.full(count, length, np.int64)
    # cumulative[:, t] counts the True before frame t, so a run that ends there is a difference.
    cumulative = np.zeros((count, length + 1), np.int64)
    np.cumsum(flags, axis=1, out=cumulative[:, 1:])
    whole: NDArray[np.bool_] = cumulative[:, frames:] - cumulative[:, :-frames] == frames
    begin: NDArray[np.int64] = np.where(whole.any(axis=1), whole.argmax(axis=1), length)
    return begin
