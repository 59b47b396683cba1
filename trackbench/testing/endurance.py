"""A long run in this process, during which its memory is measured."""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from trackbench.contracts import Frame
from trackbench.errors import brief
from trackbench.host.context import Context, asked_for, known_of
from trackbench.testing.drawing import Clip
from trackbench.testing.recording import Endurance, Kind, Stop

EVERY = 25
VIDEOS = 150
VIDEO_FRAMES = 3
_STATM = Path("/proc/self/statm")
SECONDS = 8.0
"""That the long video may take, and half of it for the short ones."""


class Calls(Protocol):
    """Is called at each call of the tracker."""

    def enter(self, frame: int) -> None:
        """The tracker is handed a frame."""

    def leave(self, frame: int) -> None:
        """The tracker has answered."""


def endure(
    tracker: Any, clip: Clip, watch: Calls, count: int, *, batched: bool, read_only: bool = True
) -> tuple[Endurance, Stop | None]:
    """Let a tracker follow a video that begins again and again, then many short ones.

    Every frame has memory of its own, as in a run: a tracker that keeps frames holds more and more.

    Args:
        tracker: an object of it.
        clip: a video that can begin again where it ends.
        watch: is called at each call.
        count: frames of the long video.
        batched: whether it follows several videos in lockstep.
        read_only: frames cannot be written into.

    Returns:
        Its memory, as far as it came, and how it stopped; None: it did not.
    """
    found: list[list[int]] = [[], [], [], []]
    stop = None
    calling = _Calling(tracker, clip, watch, batched=batched, read_only=read_only)
    try:
        with _only_new_is_collected():
            _endure(calling, count, found)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a tracker may raise anything
        stop = Stop(Kind.RAISED, "long", calling.frame, brief(error), traceback.format_exc())
    frames, memory, videos, video_memory = map(tuple, found)
    return Endurance(frames, memory, videos, video_memory), stop


def _endure(calling: _Calling, count: int, found: list[list[int]]) -> None:
    frames, memory, videos, video_memory = found
    begun = time.perf_counter()
    for t in range(count):
        calling.call(t)
        if t % EVERY == EVERY - 1:
            frames.append(t + 1)
            memory.append(held())
            if time.perf_counter() - begun > SECONDS:
                break
    begun = time.perf_counter()
    for number in range(VIDEOS):
        for t in range(VIDEO_FRAMES):
            calling.call(t)
        if number % 5 == 4:
            videos.append(number + 1)
            video_memory.append(held())
            if time.perf_counter() - begun > SECONDS / 2:
                break


class _Calling:
    """A tracker that is handed one frame after the other of a video that goes on for ever."""

    def __init__(
        self, tracker: Any, clip: Clip, watch: Calls, *, batched: bool, read_only: bool
    ) -> None:
        self._tracker, self._clip, self._watch = tracker, clip, watch
        self._batched, self._read_only = batched, read_only
        self.frame = 0
        context = Context(clip.name, 0, VIDEO_FRAMES)
        self._keywords = asked_for(tracker, known_of((context,) if batched else context))

    def call(self, t: int) -> None:
        """Begin a video with frame 0, or go on with another frame."""
        self.frame = t
        frame: Frame = self._clip.frames[t % len(self._clip.frames)].copy()
        box = self._clip.boxes[0].copy()
        if self._batched:
            frame, box = frame[None], box[None]
        if self._read_only:
            frame.flags.writeable = False
        self._watch.enter(t)
        answer = (
            self._tracker.update(frame) if t else self._tracker.init(frame, box, **self._keywords)
        )
        if answer is not None:
            np.asarray(answer)
        self._watch.leave(t)


@contextmanager
def _only_new_is_collected() -> Iterator[None]:
    """Keep the garbage collector from what is there already: it is called a hundred times."""
    frozen = gc.get_freeze_count()
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        if not frozen:  # gc cannot unfreeze only what was frozen here
            gc.unfreeze()


def held() -> int:
    """Return the bytes that this process holds, after what it no longer needs was freed."""
    gc.collect()
    # Otherwise growth would first fill what was freed before, and be unseen for megabytes.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    try:
        with _STATM.open(encoding="ascii") as sizes:
            return int(sizes.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # not Linux: where memory grows, so does the most that was ever held
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
