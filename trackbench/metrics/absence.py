"""Whether a tracker knows when its target is gone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.trajectories import Trajectories

Floats = NDArray[np.float64]


def absence(tracked: Trajectories) -> Floats:
    """Return (N,): the share of the frames without a target that the tracker called absent.

    NaN for a sequence whose target is always there, or whose data set does not say when it is not.
    Frame 0 does not count.
    """
    return _share(_said(tracked), _nowhere(tracked))


def presence(tracked: Trajectories) -> Floats:
    """Return (N,): the share of the frames with a target that the tracker did not call absent.

    That it is there counts, not that it is found. Frames in which nobody knows, and frame 0, do
    not count.
    """
    there = ~_nowhere(tracked) & ~np.isnan(tracked.truth).any(axis=2)
    return _share(~_said(tracked), there)


def _said(tracked: Trajectories) -> NDArray[np.bool_]:
    return np.zeros(tracked.iou.shape, bool) if tracked.absent is None else tracked.absent


def _nowhere(tracked: Trajectories) -> NDArray[np.bool_]:
    return np.zeros(tracked.iou.shape, bool) if tracked.nowhere is None else tracked.nowhere


def _share(flags: NDArray[np.bool_], counted: NDArray[np.bool_]) -> Floats:
    counted = counted.copy()
    counted[:, 0] = False
    frames = counted.sum(axis=1)
    hits = (flags & counted).sum(axis=1)
    share: Floats = np.divide(hits, frames, out=np.full(len(hits), np.nan), where=frames > 0)
    return share
