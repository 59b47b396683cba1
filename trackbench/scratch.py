"""Memory that a worker shares with its parent, so that nothing is lost when the worker is killed.

A file mapped by both: the predictions so far, and where the worker is. Whatever ends the worker,
the parent reads how far it came and which sequence it was in.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

WHOLE_BATCH = -1
BUILDING = -2
GENERATING = -3

_STATE = 4
_FRAMES_DONE, _SLOT, _FRAME, _CALLED_AT = range(_STATE)


@dataclass(frozen=True)
class Place:
    """Where a worker is.

    Attributes:
        slot: position of the sequence in the unit of work, or ``WHOLE_BATCH``, ``BUILDING`` (the
            tracker) or ``GENERATING`` (the videos).
        frame: the frame in hand.
        waiting: seconds since the tracker was called; 0 outside a call.
    """

    slot: int
    frame: int
    waiting: float


class Scratch:
    """Predictions (N, T, 4) and seconds (N,) of one unit of work, and the worker's place in it.

    The tracker's watch, too: it stamps each call.
    """

    def __init__(self, path: Path, sequences: int, length: int, *, create: bool = False) -> None:
        size = _STATE + sequences + sequences * length * 4
        if create:
            # Reserved now, for a full disk to be an error here and not a crash at the first write.
            with path.open("wb") as reserved:
                os.posix_fallocate(reserved.fileno(), 0, 8 * size)
        # As a plain array: indexing a memmap runs Python code, and a call is stamped twice.
        memory = np.memmap(path, np.float64, "r+", shape=(size,))
        mapped = memory.view(np.ndarray)
        # Counters are 64-bit integers in the same map; times are monotonic nanoseconds, which all
        # processes of a machine share.
        self._state = mapped[:_STATE].view(np.int64)
        self.seconds = mapped[_STATE : _STATE + sequences]
        self.boxes = mapped[_STATE + sequences :].reshape(sequences, length, 4)
        self._width = 1
        if create:
            self.boxes[:] = np.nan
            self._state[_SLOT] = GENERATING

    def restart(self) -> None:
        """Forget all predictions: the sequences of a batch are to be tracked one by one."""
        self.boxes[:] = np.nan
        self.seconds[:] = 0.0
        self._state[_FRAMES_DONE] = 0

    def begin(self, slot: int, width: int = 1) -> None:
        """Enter a sequence, a batch of ``width`` sequences, or a stage of the work."""
        self._width = width
        self._state[_FRAME] = 0
        self._state[_SLOT] = slot
        self._state[_CALLED_AT] = time.monotonic_ns() if slot == BUILDING else 0

    def enter(self, frame: int) -> None:
        """Stamp the beginning of a call."""
        self._state[_FRAME] = frame
        self._state[_CALLED_AT] = time.monotonic_ns()

    def leave(self, frame: int) -> None:  # noqa: ARG002 - the watch's signature
        """Stamp the end of a call and add its time, in equal parts to the sequences of a batch."""
        seconds = (time.monotonic_ns() - int(self._state[_CALLED_AT])) / 1e9
        self._state[_CALLED_AT] = 0
        self._state[_FRAMES_DONE] += self._width
        slot = int(self._state[_SLOT])
        if slot == WHOLE_BATCH:
            self.seconds += seconds / self._width
        else:
            self.seconds[slot] += seconds

    @property
    def frames_done(self) -> int:
        """Frames tracked so far."""
        return int(self._state[_FRAMES_DONE])

    def place(self) -> Place:
        """Return where the worker is."""
        called_at = int(self._state[_CALLED_AT])
        waiting = (time.monotonic_ns() - called_at) / 1e9 if called_at else 0.0
        return Place(int(self._state[_SLOT]), int(self._state[_FRAME]), waiting)
