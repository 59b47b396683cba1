"""A tracker, wrapped to see what it does with what it is handed, what it answers, and how quick."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from trackbench.contracts import Boxes, Frame
from trackbench.testing.recording import FIRST_CALLS
from trackbench.testing.script import Step

FEWEST = 10
"""Frames that are tracked of a video at least."""


class Watch(Protocol):
    """Is called at each step and each call of the tracker."""

    def begin(self, step: Step) -> None:
        """A step begins."""

    def enter(self, frame: int) -> None:
        """The tracker is handed a frame."""

    def leave(self, frame: int) -> None:
        """The tracker has answered."""


class LongEnoughError(Exception):
    """The first video of a slow tracker has lasted long enough."""


class Seen:
    """A tracker, wrapped; it also times the calls.

    Attributes:
        frame: the frame in hand.
        seconds: of each call.
        box_written: ``init`` has changed the box that it was handed.
        reused: an answer has changed when the next call was made.
        keywords: what ``init`` is handed besides.
    """

    def __init__(self, tracker: Any, watch: Watch, patience: float | None) -> None:
        self._tracker, self._watch, self._patience = tracker, watch, patience
        self.frame, self.seconds = 0, list[float]()
        self.box_written = self.reused = False
        self.keywords: dict[str, Any] = {}
        self._begun = time.perf_counter()
        self._answer: Any = None
        self._copy: Any = None

    def enter(self, frame: int) -> None:
        """Note when a call begins; stop the video if it has lasted long enough."""
        later = sum(self.seconds[FIRST_CALLS:])
        too_long = self._patience is not None and later > self._patience
        if too_long and frame >= FEWEST:
            self.frame = frame
            raise LongEnoughError
        self.frame = frame
        self._watch.enter(frame)
        self._begun = time.perf_counter()

    def leave(self, frame: int) -> None:
        """Note how long a call took."""
        self.seconds.append(time.perf_counter() - self._begun)
        self._watch.leave(frame)

    def init(self, frame: Frame, box: Boxes) -> Any:
        """Hand on the first frame, and see whether its box is left as it is."""
        before = box.copy()
        answer = self._tracker.init(frame, box, **self.keywords)
        self.box_written |= not np.array_equal(before, box)
        return self._kept(answer)

    def update(self, frame: Frame) -> Any:
        """Hand on a frame, and see whether the answer before has changed."""
        answer = self._tracker.update(frame)
        if isinstance(self._answer, np.ndarray) and self._answer.dtype.kind in "biuf":
            self.reused |= not np.array_equal(self._answer, self._copy, equal_nan=True)
        return self._kept(answer)

    def _kept(self, answer: Any) -> Any:
        self._answer = answer
        self._copy = answer.copy() if isinstance(answer, np.ndarray) else None
        return answer


class Writable:
    """Frames that can be written into; :func:`track` makes those of an array read-only."""

    def __init__(self, frames: Frame) -> None:
        self._frames, self.shape = frames, frames.shape
        self.flags = self

    writeable = True

    def view(self) -> Writable:
        """Return itself: there is nothing to protect."""
        return self

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._frames)
