"""The loop: a tracker sees one frame at a time, and the truth only in ``init``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, NamedTuple, Optional

import numpy as np

from .answers import Read, plain_boxes, read_answer
from .context import Context, asked_for, known_of
from .kept_masks import KeptMasks

if TYPE_CHECKING:  # nothing of these is there in another's interpreter
    from typing import Protocol

    from numpy.typing import NDArray

    from trackbench.contracts import BatchTracker, Boxes, Frame, Tracker, VideoTracker

    class Watch(Protocol):
        """Times the tracker's calls."""

        def enter(self, frame: int) -> None:
            """The tracker is handed frame number ``frame``."""

        def leave(self, frame: int) -> None:
            """The tracker has answered, and its answer is numbers."""

    class WatchOfWhole(Protocol):
        """Times the one call for a whole video."""

        def enter(self, frame: int) -> None:
            """The tracker is handed the frames from number ``frame`` on."""

        def leave(self, frame: int, frames: int) -> None:
            """The tracker has answered for so many frames, and its answer is numbers."""


_NOTHING: Mapping[str, Any] = {}


class Remarks(NamedTuple):
    """What answers say besides boxes, filled frame by frame like them.

    Attributes:
        confidence: (T,) or (T, B) float64; what no answer speaks of stays as it is.
        absent: (T,) or (T, B) bool; set where the tracker says that there is no target.
        masks: of (T,) or (T, B) frames; None: they are not kept.
    """

    confidence: NDArray[np.float64]
    absent: NDArray[np.bool_]
    masks: Optional[KeptMasks] = None

    def at(self, place: Any) -> Remarks:
        """Return a view of some of it, as NumPy's indexing gives it."""
        masks = None if self.masks is None else self.masks.at(place)
        return Remarks(self.confidence[place], self.absent[place], masks)

    @property
    def by_frame(self) -> Remarks:
        """A view of what is (B, T) as (T, B)."""
        masks = None if self.masks is None else self.masks.by_frame
        return Remarks(self.confidence.T, self.absent.T, masks)

    def keep(self, place: Any, found: Read) -> None:
        """Keep what an answer says of a frame, or of those of a place.

        Raises:
            AnswerError: there is no room for its masks.
        """
        if found.confidence is not None:
            self.confidence[place] = found.confidence
        if found.absent is not None:
            self.absent[place] = found.absent
        if found.masks is not None and self.masks is not None:
            self.masks.keep(place, found.masks)


def track(
    tracker: Tracker | BatchTracker,
    frames: Frame,
    first: Boxes,
    boxes: Boxes,
    watch: Watch,
    remarks: Remarks | None = None,
    known: Mapping[str, Any] = _NOTHING,
    start: int = 0,
) -> None:
    """Run a tracker through its frames, or through some that follow those before.

    Args:
        tracker: for one video, or for B in lockstep.
        frames: (T, H, W[, 3]) uint8 for one video, (T, B, H, W[, 3]) for B.
        first: (4,) or (B, 4), the true boxes of frame 0.
        boxes: (T, 4) or (T, B, 4) float64, filled with the predictions frame by frame, NaN where
            the tracker says that the target is absent; where the tracker raises, what was filled
            stays.
        watch: times every call; reading the answer is part of it.
        remarks: filled with what answers say besides boxes; None: that is not kept.
        known: what ``init`` is handed where it has a keyword of that name
            (:func:`.context.known_of`).
        start: number of the first of the frames; from 1 on, the tracker is in the video already.

    Raises:
        AnswerError: an answer is neither boxes of the right shape nor what else may be answered
            (:mod:`.answers`).
        Exception: whatever the tracker raises.
    """
    frames = frames.view()
    frames.flags.writeable = False
    shape, size = first.shape, frames.shape[first.ndim : first.ndim + 2]
    for t, frame in enumerate(frames, start):
        watch.enter(t)
        answer: Any
        if t == 0:  # reading its signature may run its code, too
            answer = tracker.init(frame, first.copy(), **asked_for(tracker, known))
        else:
            answer = tracker.update(frame)
            # As nearly every answer is. A tracker's work has taken all else out of the processor's
            # caches, so each step costs several times what it costs in a loop by itself.
            plain = plain_boxes(answer, shape)
            if plain is not None:
                del answer
                watch.leave(t)
                boxes[t] = plain
                continue
        given = t == 0 and answer is None
        found = Read(first) if given else read_answer(answer, shape, size)
        del answer  # what happens when it is deleted is the tracker's time, too
        watch.leave(t)
        if remarks is not None:
            remarks.keep(t, found)  # first: a frame without room for its mask has no box
        boxes[t] = found.boxes


def track_video(
    tracker: Tracker | BatchTracker,
    frames: Frame,
    first: Boxes,
    boxes: Boxes,
    watch: Watch,
    remarks: Remarks | None = None,
    context: Context | None = None,
    start: int = 0,
    mask: NDArray[np.bool_] | None = None,
    *,
    batched: bool,
) -> None:
    """Run a tracker over one video; one for several videos sees a batch of one.

    Args:
        tracker: as :func:`track`.
        frames: (T, H, W[, 3]) uint8.
        first: (4,), the true box of frame 0.
        boxes: (T, 4) float64, filled with the predictions.
        watch: times every call.
        remarks: (T,) each, filled with what answers say besides boxes; None: that is not kept.
        context: which video it is; None: not known.
        start: as of :func:`track`.
        mask: (H, W), the true mask of frame 0; None: there is none.
        batched: whether it is a :class:`~trackbench.contracts.BatchTracker`.

    Raises:
        AnswerError, Exception: as :func:`track`.
    """
    if batched:
        several = None if remarks is None else remarks.at((slice(None), None))
        masks = None if mask is None else mask[None]
        known = known_of(None if context is None else (context,), masks)
        track(tracker, frames[:, None], first[None], boxes[:, None], watch, several, known, start)
    else:
        track(tracker, frames, first, boxes, watch, remarks, known_of(context, mask), start)


def track_whole(
    tracker: VideoTracker,
    frames: Frame,
    first: Boxes,
    boxes: Boxes,
    watch: WatchOfWhole,
    remarks: Remarks | None = None,
    context: Context | None = None,
    mask: NDArray[np.bool_] | None = None,
) -> None:
    """Hand a tracker a whole video, in one call.

    Args:
        tracker: sees the future.
        frames: (T, H, W[, 3]) uint8.
        first: (4,), the true box of frame 0.
        boxes: (T, 4) float64, filled with the predictions.
        watch: times the call.
        remarks: (T,) each, filled with what answers say besides boxes; None: that is not kept.
        context: which video it is; None: not known.
        mask: (H, W), the true mask of frame 0; None: there is none.

    Raises:
        AnswerError, Exception: as :func:`track`.
    """
    frames = frames.view()
    frames.flags.writeable = False
    known = known_of(context, mask)
    watch.enter(0)
    answer: Any = tracker.track(frames, first.copy(), **asked_for(tracker, known, "track"))
    found = read_answer(answer, boxes.shape, frames.shape[1:3])
    del answer
    watch.leave(0, len(frames))
    if remarks is not None:
        remarks.keep(slice(None), found)
    boxes[:] = found.boxes
