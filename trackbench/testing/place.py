"""Where the work is, in memory that two processes have: so one that hangs or dies is placed."""

from __future__ import annotations

import mmap
from typing import NamedTuple

import numpy as np

BYTES = 4 * 8
_STEP, _FRAME, _CALL, _DONE = range(4)


class Where(NamedTuple):
    """Where the work is.

    Attributes:
        step: number of the step; -1: before the first.
        frame: the frame in hand.
        call: number of the call of the tracker; 0: it has answered.
        done: frames that were answered.
    """

    step: int
    frame: int
    call: int
    done: int


class Place:
    """Whoever works writes it, the other one reads it."""

    def __init__(self, file: int) -> None:
        """Map an open file of :data:`BYTES` bytes."""
        self._state = np.frombuffer(mmap.mmap(file, BYTES), np.int64)

    def clear(self) -> None:
        """Before the first step, where the tracker is built: a call, too, which may hang."""
        self._state[:] = -1, 0, 1, 0

    def begin(self, step: object) -> None:
        """Enter the next step; objects are built in it, which may hang."""
        del step
        self._state[_STEP] += 1
        self._state[_FRAME] = -1
        self._state[_CALL] = self._state[_DONE] + 2

    def enter(self, frame: int) -> None:
        """A call of the tracker begins."""
        self._state[_FRAME] = frame
        self._state[_CALL] = self._state[_DONE] + 2

    def leave(self, frame: int) -> None:
        """A call of the tracker ends."""
        del frame
        self._state[_DONE] += 1
        self._state[_CALL] = 0

    @property
    def now(self) -> Where:
        """Where the work is."""
        return Where(*self._state.tolist())
