"""A tracker with somebody looking at what it is handed, what it answers, and how long it takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from trackbench.contracts import Boxes, Frame
from trackbench.testing.script import Step

FEWEST = 10
"""Frames of a video, at least."""


class Watch(Protocol):
    """Is told where the work is."""

    def begin(self, step: Step) -> None:
        """A step begins."""

    def enter(self, frame: int) -> None:
        """The tracker is handed a frame."""

    def leave(self, frame: int) -> None:
        """The tracker has answered."""


class LongEnoughError(Exception):
    """The first video of a slow tracker has lasted long enough."""


class Seen:
    """A tracker with somebody looking at what it is handed and what it answers; its watch, too."""

    def __init__(self, tracker: Any, watch: Watch, patience: float | None) -> None:
        self._tracker, self._watch, self._patience = tracker, watch, patience
        self.frame, self.seconds = 0, list[float]()
        self.box_written = self.reused = False
        self.told: dict[str, Any] = {}
        self._begun = time.perf_counter()
        self._answer: Any = None
        self._copy: Any = None

    def enter(self, frame: int) -> None:
        """Begin to count the time of a call, unless it has been enough."""
        # What loads when it is first asked says nothing of the other frames.
        too_long = self._patience is not None and sum(self.seconds[2:]) > self._patience
        if too_long and frame >= FEWEST:
            self.frame = frame
            raise LongEnoughError
        self.frame = frame
        self._watch.enter(frame)
        self._begun = time.perf_counter()

    def leave(self, frame: int) -> None:
        """Note the time of a call."""
        self.seconds.append(time.perf_counter() - self._begun)
        self._watch.leave(frame)

    def init(self, frame: Frame, box: Boxes) -> Any:
        """Hand on the first frame, and see whether its box is left as it is."""
        before = box.copy()
        answer = self._tracker.init(frame, box, **self.told)
        self.box_written |= not np.array_equal(before, box)
        return self._looked_at(answer)

    def update(self, frame: Frame) -> Any:
        """Hand on a frame, and see whether the answer before has changed."""
        answer = self._tracker.update(frame)
        if isinstance(self._answer, np.ndarray) and self._answer.dtype.kind in "biuf":
            self.reused |= not np.array_equal(self._answer, self._copy, equal_nan=True)
        return self._looked_at(answer)

    def _looked_at(self, answer: Any) -> Any:
        self._answer = answer
        self._copy = answer.copy() if isinstance(answer, np.ndarray) else None
        return answer


class Writable:
    """Frames that can be written into; :func:`track` makes those of an array read-only."""

    def __init__(self, frames: Frame) -> None:
        self._frames = frames
        self.flags = self

    writeable = True

    def view(self) -> Writable:
        """Return itself: there is nothing to protect."""
        return self

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._frames)
