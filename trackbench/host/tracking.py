"""The loop: a tracker sees one frame at a time, and the truth only in ``init``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:  # nothing of these is there in another's interpreter
    from typing import Protocol

    from trackbench.contracts import BatchTracker, Boxes, Frame, Tracker

    class Watch(Protocol):
        """Is told when a call of the tracker begins and ends: it times them."""

        def enter(self, frame: int) -> None:
            """The tracker is handed frame number ``frame``."""

        def leave(self, frame: int) -> None:
            """The tracker has answered, and its answer is numbers."""


class AnswerError(ValueError):
    """The tracker returned something that is not a box."""


def track(
    tracker: Tracker | BatchTracker, frames: Frame, first: Boxes, boxes: Boxes, watch: Watch
) -> None:
    """Run a tracker once through its frames.

    Args:
        tracker: for one video, or for B in lockstep.
        frames: (T, H, W[, 3]) uint8 for one video, (T, B, H, W[, 3]) for B.
        first: (4,) or (B, 4), the true boxes of frame 0.
        boxes: (T, 4) or (T, B, 4) float64, filled with the predictions frame by frame; where the
            tracker raises, what was filled stays.
        watch: is told of every call; reading the answer is part of it.

    Raises:
        AnswerError: an answer is not an array of numbers of the right shape.
        Exception: whatever the tracker raises.
    """
    frames = frames.view()
    frames.flags.writeable = False
    for t, frame in enumerate(frames):
        watch.enter(t)
        answer: Any = tracker.init(frame, first.copy()) if t == 0 else tracker.update(frame)
        found = first if t == 0 and answer is None else _as_boxes(answer, first.shape)
        del answer  # what it does on its end is the tracker's, too
        watch.leave(t)
        boxes[t] = found


def track_video(
    tracker: Tracker | BatchTracker,
    frames: Frame,
    first: Boxes,
    boxes: Boxes,
    watch: Watch,
    *,
    batched: bool,
) -> None:
    """Run a tracker over one video; one that follows several sees a batch of one.

    Args:
        tracker: as :func:`track`.
        frames: (T, H, W[, 3]) uint8.
        first: (4,), the true box of frame 0.
        boxes: (T, 4) float64, filled with the predictions.
        watch: is told of every call.
        batched: whether it is a :class:`~trackbench.contracts.BatchTracker`.

    Raises:
        Exception: as :func:`track`.
    """
    if batched:
        track(tracker, frames[:, None], first[None], boxes[:, None], watch)
    else:
        track(tracker, frames, first, boxes, watch)


def _as_boxes(answer: Any, shape: tuple[int, ...]) -> Boxes:
    try:
        found = np.asarray(answer)
        # NumPy would drop an imaginary part, read "1" as a number and None as NaN.
        if found.dtype.kind not in "biufO" or None in found.ravel().tolist():
            raise TypeError("a box is real numbers")
        # A copy, of NumPy's own class: the tracker may go on writing into what it returned.
        boxes = np.array(found, np.float64, subok=False)
    except (TypeError, ValueError) as error:
        raise AnswerError(f"the tracker returned {_shown(answer)}, not a box") from error
    if boxes.shape != shape:
        what = "None" if answer is None else f"an array of shape {boxes.shape}"
        raise AnswerError(f"the tracker returned {what} where boxes of shape {shape} are due")
    return boxes


def _shown(answer: Any) -> str:
    try:
        return f"{answer!r:.80}"
    except Exception:  # noqa: BLE001 - its repr is the tracker's code
        return f"an object of class {type(answer).__name__}"
