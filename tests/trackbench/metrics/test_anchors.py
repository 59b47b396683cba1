"""Where VOT's short-term experiments start a tracker."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from trackbench.contracts import Video
from trackbench.metrics.anchors import anchors


def video(frames: int, **attributes: Any) -> Video:
    boxes = np.tile([10.0, 10, 20, 20], (frames, 1))
    return Video(np.zeros((frames, 40, 60), np.uint8), boxes, attributes)


def started(made: Video) -> dict[int, int]:
    """Return frame -> direction."""
    found = anchors(made)
    assert found.shape == (len(made),)
    return {int(at): int(found[at]) for at in np.flatnonzero(found)}


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        (2, {0: 1, 1: -1}),
        (40, {0: 1, 39: -1}),
        (51, {0: 1, 50: -1}),
        (100, {0: 1, 50: -1, 99: -1}),  # 49 frames follow on frame 50, and 50 are before it
        (101, {0: 1, 50: 1, 100: -1}),
        (160, {0: 1, 50: 1, 100: -1, 150: -1, 159: -1}),
    ],
)
def test_every_50_frames_and_at_both_ends_to_the_farther_end(
    frames: int, expected: dict[int, int]
) -> None:
    assert started(video(frames)) == expected


def test_without_a_box_it_is_the_nearest_frame_with_one() -> None:
    made = video(160)
    made.boxes[48:60] = np.nan  # 47 is nearer to 50 than 60
    made.boxes[150:] = np.nan
    assert started(made) == {0: 1, 47: 1, 100: -1, 149: -1}
    made.boxes[26:75] = np.nan  # 25 and 75 are too far
    assert started(made) == {0: 1, 100: -1, 149: -1}


def test_where_nothing_is_to_be_seen_none_starts() -> None:
    visibility = np.ones(160)
    visibility[50] = 0
    visibility[[49, 51]] = 0.1
    assert started(video(160, visibility=visibility)) == {0: 1, 49: 1, 100: -1, 150: -1, 159: -1}
    gone = np.arange(160) >= 100
    assert started(video(160, out_of_view=gone)) == {0: 1, 50: 1, 99: -1}
    outside = video(160)
    outside.boxes[100:, 0] = 60
    assert started(outside) == {0: 1, 50: 1, 99: -1}


def test_some_frame_always_starts_one() -> None:
    assert started(video(30, visibility=np.zeros(30))) == {0: 1}
