"""The loop: a tracker sees one frame at a time, and the truth only in ``init``."""

from __future__ import annotations

from time import perf_counter
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from trackbench.contracts import BatchTracker, Boxes, Frame, Tracker


class Watch(Protocol):
    """Is told when a call of the tracker begins and ends, so that a hanging one can be ended."""

    def enter(self, frame: int) -> None:
        """The tracker is handed frame number ``frame``."""

    def leave(self, frame: int) -> None:
        """The tracker has answered."""


class NoWatch:
    """Nobody watches."""

    def enter(self, frame: int) -> None:
        """Do nothing."""

    def leave(self, frame: int) -> None:
        """Do nothing."""


class AnswerError(ValueError):
    """The tracker returned something that is not a box."""


def track(
    tracker: Tracker | BatchTracker, frames: Frame, first: Boxes, boxes: Boxes, watch: Watch
) -> float:
    """Run a tracker once through its frames and return the seconds spent inside it.

    Args:
        tracker: for one video, or for B in lockstep.
        frames: (T, H, W[, 3]) uint8 for one video, (T, B, H, W[, 3]) for B.
        first: (4,) or (B, 4), the true boxes of frame 0.
        boxes: (T, 4) or (T, B, 4) float64, filled with the predictions frame by frame; where the
            tracker raises, what was filled stays.
        watch: is told of every call.

    Raises:
        AnswerError: an answer is not an array of numbers of the right shape.
        Exception: whatever the tracker raises.
    """
    frames = _read_only(frames)
    seconds = 0.0
    for t, frame in enumerate(frames):
        watch.enter(t)
        start = perf_counter()
        answer = tracker.init(frame, first.copy()) if t == 0 else tracker.update(frame)
        seconds += perf_counter() - start
        boxes[t] = first if t == 0 and answer is None else _as_boxes(answer, first.shape)
        watch.leave(t)
    return seconds


def _read_only(frames: Frame) -> Frame:
    view = frames.view()
    view.flags.writeable = False
    return view


def _as_boxes(answer: ArrayLike | None, shape: tuple[int, ...]) -> Boxes:
    try:
        boxes = np.asarray(answer, np.float64)
    except (TypeError, ValueError) as error:
        raise AnswerError(f"the tracker returned {answer!r:.80}, not a box") from error
    if boxes.shape != shape:
        what = "None" if answer is None else f"an array of shape {boxes.shape}"
        raise AnswerError(f"the tracker returned {what} where boxes of shape {shape} are due")
    return boxes
