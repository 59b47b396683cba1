"""Robustness in the sense of VOT: how much of a sequence is tracked before the first failure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.runs import begin_of_run
from trackbench.metrics.trajectories import Trajectories

FAILURE_IOU = 0.1
GRACE_FRAMES = 10


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
