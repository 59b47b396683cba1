"""Time and memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trackbench.testing.endurance import EVERY
from trackbench.testing.points import Point, Severity
from trackbench.testing.recording import FIRST_CALLS, Endurance, Recording

BYTES_A_FRAME = 256
"""Growth that is reported; a list of all boxes grows by less."""
BYTES_A_VIDEO = 2048
LEAST_GROWTH = 96 * 1024
"""Bytes; less may be an allocator that takes pages from time to time."""
FEWEST_SAMPLES = 12
SLOW_SECONDS = 0.25
SLOW_TIMES = 10


def grows(seen: Endurance) -> Point | None:
    """Say that memory grows steadily, within a video or from video to video."""
    for count, memory, least, unit in (
        (seen.frames, seen.memory, BYTES_A_FRAME, "frame"),
        (seen.videos, seen.video_memory, BYTES_A_VIDEO, "video"),
    ):
        slope = _slope(count, memory)
        if slope is not None and slope >= least:
            return Point(
                "grows",
                f"its memory grows by {_size(slope)} with every {unit}, seen over "
                f"{count[-1]:,} {unit}s.",
                "keep no frames or results of frames; init is to let go what the video before "
                "needed.",
                Severity.WARNING,
            )
    return None


def growth_not_judged(seen: Endurance) -> Point | None:
    """Note that too few frames were tracked to judge growth."""
    if len(seen.memory) >= FEWEST_SAMPLES:
        return None
    return Point(
        "few-frames",
        f"it is too slow to say whether its memory grows: {seen.frames[-1] if seen.frames else 0} "
        f"frames were tracked in time, and {FEWEST_SAMPLES * EVERY} are needed.",
        "",
        Severity.NOTE,
    )


def _slope(count: Sequence[int], memory: Sequence[int]) -> float | None:
    """Return bytes a unit by which memory grows steadily, after it has warmed up."""
    if len(memory) < FEWEST_SAMPLES:
        return None
    held = np.array(memory, np.float64)[len(memory) // 4 :]
    units = np.array(count, np.float64)[len(count) // 4 :]
    thirds = [float(np.median(part)) for part in np.array_split(held, 3)]
    # A step is no slope: each third must hold more than the one before, by about as much.
    steps = thirds[1] - thirds[0], thirds[2] - thirds[1]
    if min(steps) * 2 < LEAST_GROWTH * len(held) / len(memory) / 2 or max(steps) > 4 * min(steps):
        return None
    return float((held[-1] - held[0]) / (units[-1] - units[0]))


def slow_first(first: Sequence[Recording], later: Sequence[Recording]) -> Point | None:
    """Say that the first frames of all, or of each video, take far longer than others.

    Args:
        first: first videos of several processes.
        later: videos that came after others.
    """
    usual = frame_seconds([*first, *later])
    if usual is None:
        return None
    limit = max(SLOW_SECONDS, SLOW_TIMES * usual)
    for seen, whose, remedy in (
        (later, "the first frames of each video", "do in __init__ what does not depend on it."),
        (first, "the first frames of all", "load and warm up in __init__: it is not timed."),
    ):
        longest = [
            max(each.seconds[:FIRST_CALLS]) for each in seen if len(each.seconds) > FIRST_CALLS
        ]
        # The quickest, for a machine may be busy once.
        if longest and min(longest) > limit:
            return Point(
                "slow-first-frame",
                f"one of {whose} takes {min(longest):.2f} s, others take {usual:.2g} s: "
                "frames/s are those of a video's length.",
                remedy,
                Severity.WARNING,
            )
    return None


def frame_seconds(seen: Sequence[Recording]) -> float | None:
    """Return the median seconds of a frame that is not among the first of its video."""
    found = [second for each in seen for second in each.seconds[FIRST_CALLS:]]
    return float(np.median(found)) if found else None


def _size(count: float) -> str:
    return f"{count / 1024:.1f} KiB" if count < 1 << 20 else f"{count / (1 << 20):.1f} MiB"
