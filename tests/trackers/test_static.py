from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trackbench.trackers.static import StaticTracker


def test_says_the_first_box_for_ever(moving_square: Callable[..., Any]) -> None:
    video = moving_square(length=5)
    boxes = video.follow(StaticTracker())
    np.testing.assert_array_equal(boxes, np.tile(video.boxes[0], (5, 1)))


def test_any_box_will_do() -> None:
    tracker = StaticTracker()
    frame = np.zeros((4, 4), np.uint8)
    tracker.init(frame, np.array([-7.5, 2.25, 100, 0.5]))
    np.testing.assert_array_equal(tracker.update(frame), [-7.5, 2.25, 100, 0.5])
