"""Memory that a host shares with its maker, so that nothing is lost however the host ends.

The predictions so far, where the host is, and what its tracker said last. Whatever ends the host,
the maker reads how far it came and which sequence it was in.
"""

from __future__ import annotations

import json
import mmap
import os
import threading
import time
from typing import Any, NamedTuple

import numpy as np

from .kept_masks import KeptMasks
from .run_lengths import MOST
from .tracking import Remarks

WHOLE_BATCH, BUILDING, IDLE, CLOSING = -1, -2, -3, -4
"""Where a host is if not in one sequence: in all of a batch, building, between two, closing."""

TEXT_BYTES = NOTES_BYTES = 1 << 16
SPARE = 4 * MOST
"""Bytes that take no room before there are masks."""
MORE = "more"
"""The last note, where there was no room for all."""

_FIELDS = 10
_FRAMES, _SLOT, _FRAME, _CALLED_AT, _CALLS, _DONE, _TEXT, _NOTES, _MORE, _RUNS = range(_FIELDS)
_END = "\0"
_now, _process = time.monotonic_ns, os.getpid  # a tracker may replace them


class Place(NamedTuple):
    """Where a host is.

    Attributes:
        slot: position of the sequence in the unit of work, or one of the four above.
        frame: the frame in hand.
        call: number of the call of the tracker; 0 outside a call.
        done: the sequence (or WHOLE_BATCH) that was tracked to its end last.
    """

    slot: int
    frame: int
    call: int
    done: int


class Scratch:
    """Predictions (N, T, 4) and seconds (N,) of one unit of work, and the host's place in it.

    It also times the tracker's calls.

    Attributes:
        boxes: (N, T, 4), NaN where there is no prediction.
        remarks: (N, T) each, what the tracker says besides its boxes.
        seconds: (N,), inside the tracker.
    """

    def __init__(self, file: int, sequences: int, length: int) -> None:
        """Map an open file of :meth:`size` bytes."""
        self._memory = mmap.mmap(file, self.size(sequences, length))
        state = np.frombuffer(self._memory, np.int64, _FIELDS)
        frames = sequences * length
        numbers = np.frombuffer(self._memory, np.float64, sequences + frames * 5, 8 * _FIELDS)
        # Counters are 64-bit integers; times are monotonic nanoseconds. They are read and written
        # at every frame, which is quicker in a plain view than in an array.
        self._state = state.data
        self.seconds = numbers[:sequences]
        self._spent: Any = self.seconds.data  # floats; as the state, in a plain view
        self.boxes = numbers[sequences : sequences + 4 * frames].reshape(sequences, length, 4)
        confidence = numbers[sequences + 4 * frames :].reshape(sequences, length)
        self._text_at = 8 * (_FIELDS + numbers.size)
        self._notes_at = self._text_at + TEXT_BYTES
        absent_at = self._notes_at + NOTES_BYTES
        absent = np.frombuffer(self._memory, np.bool_, frames, absent_at).reshape(sequences, length)
        at = _whole_numbers(absent_at + frames)
        places = np.frombuffer(self._memory, np.int64, 2 * frames, at)
        counts = np.frombuffer(self._memory, np.uint32, MOST, at + places.nbytes)
        starts, lengths = places.reshape(2, sequences, length)
        self._masks = KeptMasks(counts, state[_RUNS : _RUNS + 1], starts, lengths)
        self.remarks = Remarks(confidence, absent, self._masks)
        self._width = 1
        self._owner = os.getpid()
        self._noting = threading.Lock()

    @staticmethod
    def size(sequences: int, length: int) -> int:
        """Return how many bytes the file has, with :data:`SPARE` at its end."""
        frames = sequences * length
        dense = 8 * (_FIELDS + sequences + frames * 5) + TEXT_BYTES + NOTES_BYTES + frames
        return _whole_numbers(dense) + 16 * frames + SPARE

    def clear(self, first: int = 0) -> None:
        """Forget the predictions of a sequence, with which a host begins, and of those after it."""
        self.boxes[first:] = np.nan
        self.remarks.confidence[first:] = np.nan
        self.remarks.absent[first:] = False
        self.seconds[first:] = 0.0
        for field in range(_FIELDS):
            self._state[field] = 0
        self._masks.forget(first)
        self._state[_SLOT] = self._state[_DONE] = IDLE

    def begin(self, slot: int, width: int = 1) -> None:
        """Enter a sequence, a batch of ``width`` sequences, or a stage of the work."""
        self._width = width
        self._state[_FRAME] = 0
        self._state[_SLOT] = slot

    def enter(self, frame: int) -> None:
        """Note when a call begins."""
        state = self._state
        state[_FRAME] = frame
        state[_CALLS] += 1
        state[_CALLED_AT] = _now()

    def leave(self, frame: int, frames: int = 1) -> None:  # noqa: ARG002 - the watch's signature
        """Add the time of a call that ends, in equal parts to the sequences of a batch.

        A tracker may have forked, and the child comes back from the call, too: it ends here.
        """
        if _process() != self._owner:
            os._exit(0)
        state = self._state
        seconds = (_now() - state[_CALLED_AT]) / 1e9
        state[_CALLED_AT] = 0
        slot = state[_SLOT]
        if slot >= 0:
            state[_FRAMES] += frames
            self._spent[slot] += seconds
        elif slot == WHOLE_BATCH:
            state[_FRAMES] += self._width
            self.seconds += seconds / self._width

    def end_child(self, code: int) -> None:
        """End this process if the tracker has forked it: it must not go on as the host."""
        if os.getpid() != self._owner:
            os._exit(code)

    def end(self) -> None:
        """Note that the sequence, or the batch, is tracked to its end."""
        self._state[_DONE] = self._state[_SLOT]
        self._state[_SLOT] = IDLE

    def add_seconds(self, slot: int, seconds: float) -> None:
        """Count time of the tracker's that is spent outside its calls."""
        self.seconds[slot] += seconds

    def report(self, says: dict[str, Any]) -> None:
        """Leave for the maker what it is to know of the tracker; long texts are cut."""
        text = json.dumps(says).encode()
        while len(text) > TEXT_BYTES:
            says = {k: v[: len(v) // 2] if isinstance(v, str) else v for k, v in says.items()}
            text = json.dumps(says).encode()
        self._memory[self._text_at : self._text_at + len(text)] = text
        self._state[_TEXT] = len(text)

    def reported(self) -> dict[str, Any]:
        """Return what was reported; empty if nothing was, or what is there is no report."""
        length = min(max(self._state[_TEXT], 0), TEXT_BYTES)
        try:
            says = json.loads(self._memory[self._text_at : self._text_at + length].decode())
        except (ValueError, RecursionError):
            return {}
        return says if isinstance(says, dict) else {}

    def note(self, text: str) -> None:
        """Leave a note of something that the tracker reads.

        Of a child process that it has forked, it is only noted that it read something, for the two
        have no lock.
        """
        if os.getpid() != self._owner:
            self._state[_MORE] = 1
            return
        found = (text + _END).encode("utf-8", "surrogateescape")
        with self._noting:
            at = self._state[_NOTES]
            if at + len(found) > NOTES_BYTES:
                self._state[_MORE] = 1
                return
            self._memory[self._notes_at + at : self._notes_at + at + len(found)] = found
            self._state[_NOTES] = at + len(found)

    def notes(self) -> list[str]:
        """Return what was noted, and :data:`MORE` if there was more."""
        length = min(max(self._state[_NOTES], 0), NOTES_BYTES)
        text = self._memory[self._notes_at : self._notes_at + length]
        found = text.decode("utf-8", "surrogateescape").split(_END)[:-1]
        return [*found, *([MORE] if self._state[_MORE] else [])]

    @property
    def frames_done(self) -> int:
        """Frames tracked so far by this host."""
        return self._state[_FRAMES]

    def place(self) -> Place:
        """Return where the host is."""
        call = self._state[_CALLS] if self._state[_CALLED_AT] else 0
        state = self._state
        return Place(state[_SLOT], state[_FRAME], call, state[_DONE])


def _whole_numbers(size: int) -> int:
    """Return a number of bytes, raised to one that numbers of 64 bits can begin after."""
    return -(-size // 8) * 8
