"""One tracker on one video, in this process or by a host: for looking at it, not for scoring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes, DatasetSpec, Frame, TrackerSpec, Video
from trackbench.errors import TrackbenchError, brief
from trackbench.host.context import Context
from trackbench.host.kept_masks import KeptMasks
from trackbench.host.run_lengths import decoded
from trackbench.host.tracking import Remarks, track_video, track_whole
from trackbench.plugins.factories import build_tracker
from trackbench.plugins.importing import placed
from trackbench.plugins.read_frames import ReadFrames
from trackbench.printing.own_code import with_place
from trackbench.running.hosted import Hosted

_BLOCK = 8
"""Frames in memory of those that are read one by one."""

TIMEOUT = 60.0
"""Seconds that one call may take, or a whole video where it is handed over at once."""


@dataclass(frozen=True)
class Followed:
    """What a tracker did.

    Attributes:
        boxes: (T, 4) predictions.
        masks: (T, H, W) weights on the pixels of each frame, NaN where there were none; None: the
            tracker has no method ``mask``, or it never gave one.
        remarks: (T,) each, what the tracker said beside its boxes; a confidence is NaN where it
            gave none.
        answered: frame number -> the mask (H, W) bool that it answered.
    """

    boxes: Boxes
    masks: NDArray[np.float32] | None
    remarks: Remarks
    answered: Mapping[int, NDArray[np.bool_]]


def follow(
    spec: TrackerSpec,
    sequence: Video,
    context: Context | None = None,
    given: Boxes | None = None,
) -> Followed:
    """Run a tracker over a sequence, and keep its attention where it has any.

    Args:
        spec: of the tracker.
        sequence: the video.
        context: which one it is, for a tracker that asks; None: nobody says.
        given: the box (4,) that it is given in frame 0, with an error; None: the true one.

    Raises:
        TrackbenchError: the tracker cannot be built, or fails on the way.
    """
    with placed(spec.folder, spec.environment):
        return _follow(spec, sequence, context, given)


def _follow(
    spec: TrackerSpec, sequence: Video, context: Context | None, given: Boxes | None
) -> Followed:
    tracker = build_tracker(spec)
    boxes = np.full((len(sequence), 4), np.nan)
    count = len(sequence)
    kept = KeptMasks.empty(count)
    remarks = Remarks(np.full(count, np.nan), np.zeros(count, bool), kept)
    watch = _Attention(tracker, sequence.frames.shape[:3])
    try:
        frames, first = sequence.frames, sequence.boxes[0] if given is None else given
        # Beside a box with an error, the true mask would tell the true box.
        untold = sequence.masks is None or given is not None
        mask = None if untold else np.asarray(sequence.masks[0])
        if spec.sees_future:
            track_whole(tracker, np.asarray(frames), first, boxes, watch, remarks, context, mask)
        else:
            for start, block in _blocks(frames):
                track_video(
                    tracker,
                    block,
                    first,
                    boxes,
                    watch,
                    remarks,
                    context,
                    start,
                    mask=mask,
                    batched=spec.batched,
                )
    except TrackbenchError:
        raise
    except Exception as error:  # a tracker may raise anything
        raise TrackbenchError(f"{spec.id} fails in frame {watch.frame}: {brief(error)}") from error
    answered = _decoded([kept.of(t) for t in range(count)], sequence.frames.shape[1:3])
    return Followed(boxes, watch.masks, remarks, answered)


def _blocks(frames: Any) -> Iterator[tuple[int, Frame]]:
    """Yield a video's frames, a few at a time where they are read one by one."""
    step = _BLOCK if isinstance(frames, ReadFrames) else len(frames)
    for start in range(0, len(frames), step):
        yield start, np.asarray(frames[start : start + step])


def follow_hosted(spec: TrackerSpec, dataset: DatasetSpec, index: int, length: int) -> Followed:
    """Let a host follow a sequence, as in a run: a tracker of another interpreter has no other way.

    Args:
        spec: of the tracker.
        dataset: of the sequence.
        index: which one it is.
        length: frames of it.

    Raises:
        TrackbenchError: the tracker cannot be built, or fails on the way.
    """
    with Hosted(spec, TIMEOUT) as hosted:
        why = hosted.build().spoiled
        if why is not None:
            raise TrackbenchError(f"{spec.id} cannot be built: {why.message}")
        made = hosted.track(dataset, length, index, index + 1)
    for failure in made.failures:
        said = with_place(failure.message, failure.traceback)
        raise TrackbenchError(f"{spec.id} fails in frame {failure.frame}: {said}")
    nothing, nowhere = np.full(length, np.nan), np.zeros(length, bool)
    remarks = Remarks(
        nothing if made.confidence is None else made.confidence[0],
        nowhere if made.absent is None else made.absent[0],
    )
    runs = [] if made.masks is None else [made.masks.of(0, t) for t in range(length)]
    answered = _decoded(runs, made.truth.sizes[0].tolist())
    return Followed(made.boxes[0], None, remarks, answered)


def _decoded(
    runs: Sequence[NDArray[np.uint32]], size: Sequence[int]
) -> dict[int, NDArray[np.bool_]]:
    """Return frame number -> mask (H, W), of the frames that have one."""
    height, width = size
    return {t: decoded(found, (height, width)) for t, found in enumerate(runs) if len(found)}


class _Attention:
    """A watch that asks a tracker after each frame what it looked at."""

    def __init__(self, tracker: object, shape: tuple[int, ...]) -> None:
        self._mask = getattr(tracker, "mask", None)
        self._shape = shape
        # Made when a tracker first gives one, which few do: it is as large as the video.
        self.masks: NDArray[np.float32] | None = None
        self.frame = 0

    def enter(self, frame: int) -> None:
        self.frame = frame

    def leave(self, frame: int, frames: int = 1) -> None:
        found = self._mask() if callable(self._mask) and frames == 1 else None
        if found is not None:
            if self.masks is None:
                self.masks = np.full(self._shape, np.nan, np.float32)
            self.masks[frame] = np.asarray(found).reshape(self._shape[1:])
