"""The files beside those of boxes: how long each frame took, and how sure the tracker was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.exchange.box_text import read_rows, wrong
from trackbench.printing.amounts import counted

_LONGEST = 10.0**6
"""Seconds that a frame may have taken; a file with more holds something else."""


def seconds_of(path: Path, frames: int, column: int) -> tuple[NDArray[np.float64], str]:
    """Return the seconds of each frame (T,), and the file's SHA-256.

    got10k writes a column a repetition; a column that is not there says that nothing took any time.
    A file may leave out the frame that a tracker is given, which then counts nothing.

    Args:
        path: of the file.
        frames: that the sequence has.
        column: of the repetition, from 0.

    Raises:
        TrackbenchError: it is of another sequence, or holds what is no time.
    """
    rows = read_rows(path, (), "a time")
    times = rows.numbers
    if len(times) == frames - 1:
        times = np.concatenate([np.zeros((1, times.shape[1])), times])
    if len(times) != frames:
        raise wrong(path, f"{counted(len(times), 'time')} for {counted(frames, 'frame')}")
    bad = ~((times >= 0) & (times <= _LONGEST))
    if bad.any():
        raise wrong(path, "no time", int(np.flatnonzero(bad.any(axis=1))[0]) + 1)
    if column < times.shape[1]:
        return times[:, column], rows.sha256
    return np.zeros(frames), rows.sha256


def confidences_of(path: Path, frames: int) -> tuple[NDArray[np.float64], str]:
    """Return the confidences (T,), NaN where there is none, and the file's SHA-256.

    Raises:
        TrackbenchError: it is of another sequence, or holds what is no number.
    """
    rows = read_rows(path, (1,), "a confidence", blank=True)
    sure = rows.numbers[:, 0]
    while len(sure) > frames and np.isnan(sure[-1]):  # empty lines at the end
        sure = sure[:-1]
    if len(sure) == frames - 1:  # none of the frame that the tracker was given
        sure = np.concatenate([[np.nan], sure])
    if len(sure) != frames:
        raise wrong(path, f"{counted(len(sure), 'confidence')} for {counted(frames, 'frame')}")
    return sure, rows.sha256
