"""Runs of frames in which something goes on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def begin_of_run(flags: NDArray[np.bool_], frames: int) -> NDArray[np.int64]:
    """Return (N,): where the first run of at least ``frames`` True begins; T where there is none.

    Args:
        flags: (N, T).
        frames: length of a run, >= 1.
    """
    count, length = flags.shape
    if length < frames:
        return np.full(count, length, np.int64)
    whole = np.lib.stride_tricks.sliding_window_view(flags, frames, axis=1).all(axis=2)
    return np.where(whole.any(axis=1), whole.argmax(axis=1), length).astype(np.int64)
