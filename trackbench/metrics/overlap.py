"""Average overlap and success rate (Huang, Zhao and Huang, GOT-10k, PAMI 2019)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.trajectories import Trajectories


def average_overlap_got10k(tracked: Trajectories) -> NDArray[np.float64]:
    """Return (N,): ``ao@got10k``, the mean IoU of each sequence as GOT-10k's toolkit takes it.

    As ``ExperimentGOT10k.report`` of toolkit 0.1.3 does for ``val``: frame 0 is left out, so are
    frames in which nothing of the target can be seen, and IoU is that of real rectangles after
    both are moved into the frame (:attr:`Trajectories.overlap_got10k`). This is the toolkit's
    ``seq_wise`` number; its ``overall``, and the number of a table here, are over all frames of all
    sequences: a sequence weighs as it has frames that count (:func:`counted_frames`).

    Two things differ, for they would leave no number at all: an invalid box has an IoU of 0 and not
    of NaN, and a frame whose truth is unknown is left out.

    NaN for a sequence without a frame that counts.
    """
    return _mean_where(tracked.overlap_got10k, _counted(tracked))


def success_rate_got10k(tracked: Trajectories, threshold: float) -> NDArray[np.float64]:
    """Return (N,): ``sr50@got10k`` or ``sr75@got10k``, the share of frames with IoU above it.

    *Above* is ``>``; frames and IoU are those of :func:`average_overlap_got10k`.
    """
    return _mean_where(tracked.overlap_got10k > threshold, _counted(tracked))


def counted_frames(tracked: Trajectories) -> NDArray[np.float64]:
    """Return (N,): the frames of each sequence that count in :func:`average_overlap_got10k`."""
    return np.asarray(_counted(tracked).sum(axis=1), np.float64)


def _counted(tracked: Trajectories) -> NDArray[np.bool_]:
    counted = tracked.visible.copy()
    counted[:, :1] = False
    return counted


def _mean_where(
    values: NDArray[np.float64] | NDArray[np.bool_], counted: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return (N,) means of (N, T) over the frames that count."""
    frames = counted.sum(axis=1)
    totals = np.where(counted, values, 0.0).sum(axis=1)
    means: NDArray[np.float64]
    means = np.divide(totals, frames, out=np.full(len(totals), np.nan), where=frames > 0)
    return means
