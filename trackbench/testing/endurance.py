"""A long run in this process, with looks at how much memory it holds."""

from __future__ import annotations

import gc
import os
import sys
import time
import traceback
from typing import Any, Protocol

import numpy as np

from trackbench.contracts import Frame
from trackbench.errors import brief
from trackbench.testing.drawing import Clip
from trackbench.testing.recording import Endurance, Kind, Stop

FRAMES = 2000
EVERY = 25
VIDEOS = 150
VIDEO_FRAMES = 3
SECONDS = 12.0
"""That the long video may take, and half of it for the short ones."""


class Calls(Protocol):
    """Is told of each call."""

    def enter(self, frame: int) -> None:
        """The tracker is handed a frame."""

    def leave(self, frame: int) -> None:
        """The tracker has answered."""


def endure(
    tracker: Any, clip: Clip, watch: Calls, *, batched: bool
) -> tuple[Endurance, Stop | None]:
    """Let a tracker follow a video that begins again and again, then many short ones.

    Every frame is memory of its own, as in a run: whoever keeps them holds more and more.

    Args:
        tracker: an object of it.
        clip: that begins where it ends.
        watch: is told of each call.
        batched: whether it follows several videos in lockstep.

    Returns:
        What it held, as far as it came, and how it stopped.
    """
    found: list[list[int]] = [[], [], [], []]
    stop = None
    try:
        _endure(tracker, clip, watch, found, batched=batched)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a tracker may raise anything
        frame = found[0][-1] if found[0] else 0
        stop = Stop(Kind.RAISED, "long", frame, brief(error), traceback.format_exc())
    frames, memory, videos, video_memory = map(tuple, found)
    return Endurance(frames, memory, videos, video_memory, FRAMES), stop


def _endure(
    tracker: Any, clip: Clip, watch: Calls, found: list[list[int]], *, batched: bool
) -> None:
    frames, memory, videos, video_memory = found
    begun = time.perf_counter()
    for t in range(FRAMES):
        _call(tracker, clip, t, watch, first=t == 0, batched=batched)
        if t % EVERY == EVERY - 1:
            frames.append(t + 1)
            memory.append(held())
            if time.perf_counter() - begun > SECONDS:
                break
    begun = time.perf_counter()
    for number in range(VIDEOS):
        for t in range(VIDEO_FRAMES):
            _call(tracker, clip, t, watch, first=t == 0, batched=batched)
        if number % 5 == 4:
            videos.append(number + 1)
            video_memory.append(held())
            if time.perf_counter() - begun > SECONDS / 2:
                break


def _call(
    tracker: Any, clip: Clip, t: int, watch: Calls, *, first: bool, batched: bool
) -> None:
    frame: Frame = clip.frames[t % len(clip.frames)].copy()
    box = clip.boxes[0].copy()
    if batched:
        frame, box = frame[None], box[None]
    frame.flags.writeable = False
    watch.enter(t)
    answer = tracker.init(frame, box) if first else tracker.update(frame)
    if answer is not None:
        np.asarray(answer)
    watch.leave(t)


def held() -> int:
    """Return the bytes that this process holds, after what is garbage was let go."""
    gc.collect()
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123 - the quickest
            return int(sizes.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    import resource

    # The most that it ever held: that grows, too, where memory does.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
