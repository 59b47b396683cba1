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
    # cumulative[:, t] counts the True before frame t, so a run that ends there is a difference.
    cumulative = np.zeros((count, length + 1), np.int64)
    np.cumsum(flags, axis=1, out=cumulative[:, 1:])
    whole: NDArray[np.bool_] = cumulative[:, frames:] - cumulative[:, :-frames] == frames
    begin: NDArray[np.int64] = np.where(whole.any(axis=1), whole.argmax(axis=1), length)
    return begin
