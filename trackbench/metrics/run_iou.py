"""IoU of masks that are run lengths, without making masks of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def run_iou(a: NDArray[np.uint32], b: NDArray[np.uint32]) -> float:
    """Return the intersection over union of two masks of one frame, pixel by pixel.

    Args:
        a: run lengths (n,) of one (:mod:`trackbench.host.run_lengths`).
        b: run lengths (m,) of the other.

    Where the union is empty, the IoU is 0.
    """
    begins, ends = _inside(b)
    both = int((_covered(a, ends) - _covered(a, begins)).sum())
    union = int(a[1::2].sum(dtype=np.int64) + b[1::2].sum(dtype=np.int64)) - both
    return both / union if union else 0.0


def _inside(counts: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the runs of pixels inside begin and end, half-open."""
    ends = np.cumsum(counts, dtype=np.int64)
    return ends[:-1:2], ends[1::2]


def _covered(counts: NDArray[np.uint32], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many pixels before each of some places are inside."""
    begins, ends = _inside(counts)
    before = np.concatenate([[0], np.cumsum(ends - begins)])
    run = np.searchsorted(begins, places, side="right")  # runs that begin at a place, or before it
    last = np.maximum(run - 1, 0)
    if not len(begins):
        return np.zeros(len(places), np.int64)
    within = np.minimum(places, ends[last]) - begins[last]
    covered: NDArray[np.int64] = np.where(run > 0, before[last] + within, 0)
    return covered
