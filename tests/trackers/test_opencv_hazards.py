"""Boxes at the frame's edge, tiny and huge: nothing may hang or kill the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from trackbench.trackers.opencv import OpenCVTracker
from trackbench.trackers.opencv_hazards import check_mil, check_tld

ALL = ["kcf", "csrt", "mil", "mosse", "medianflow", "tld"]


@pytest.mark.parametrize("algorithm", ALL)
@pytest.mark.parametrize(
    "box",
    [(-10, 30, 28, 28), (85.5, 30, 28, 28), (-14, -14, 28, 28), (20.4, 30.6, 27.5, 28.2)],
    ids=str,
)
def test_a_box_partly_outside_or_between_pixels_is_accepted(
    algorithm: str, box: tuple[float, ...], moving_square: Callable[..., Any]
) -> None:
    video = moving_square(length=4)
    tracker = OpenCVTracker(algorithm)
    tracker.init(video.frames[0], np.array(box, dtype=float))
    for frame in video.frames[1:]:
        assert np.isfinite(tracker.update(frame)).all()


@pytest.mark.parametrize("algorithm", ALL)
@pytest.mark.parametrize(
    "box",
    [
        (-50, -50, 28, 28),
        (100, 20, 28, 28),
        (50, 50, 0.5, 0.5),
        (50, 50, 0, 9),
        (50, 50, -5, 9),
        (99.5, 50, 20, 20),
        (float("nan"), 50, 20, 20),
    ],
    ids=str,
)
def test_a_box_without_a_whole_pixel_in_the_frame_is_refused(
    algorithm: str, box: tuple[float, ...], moving_square: Callable[..., Any]
) -> None:
    with pytest.raises(ValueError, match="no whole pixel of the box"):
        OpenCVTracker(algorithm).init(moving_square(length=1).frames[0], np.array(box, dtype=float))


@pytest.mark.parametrize("algorithm", ALL)
@pytest.mark.parametrize("level", [0, 80, 255])
def test_flat_frames_are_survived(algorithm: str, level: int) -> None:
    frame = np.full((100, 100), level, np.uint8)
    tracker = OpenCVTracker(algorithm)
    tracker.init(frame, np.array([30.0, 40, 22, 24]))
    for _ in range(5):
        assert np.isfinite(tracker.update(frame)).all()


@pytest.mark.parametrize("algorithm", ALL)
def test_a_target_that_vanishes_and_a_black_frame_are_survived(
    algorithm: str, moving_square: Callable[..., Any]
) -> None:
    video = moving_square(length=6)
    tracker = OpenCVTracker(algorithm)
    video.follow(tracker)
    noise = np.random.default_rng(0).integers(0, 256, (6, 100, 100)).astype(np.uint8)
    for frame in [*noise, np.zeros((100, 100), np.uint8), *video.frames]:
        assert np.isfinite(tracker.update(frame)).all()


@pytest.mark.parametrize("size", [(1, 40), (2, 10), (3, 5), (4, 4), (10, 2)])
def test_mil_refuses_a_box_without_haar_features(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="would hang"):
        OpenCVTracker("mil").init(np.zeros((60, 60), np.uint8), np.array([9.0, 9, *size]))


@pytest.mark.parametrize("size", [(2, 11), (3, 6), (4, 5), (11, 2), (6, 3)])
def test_mil_starts_on_the_smallest_box_with_haar_features(size: tuple[int, int]) -> None:
    check_mil((9, 9, *size))
    noise = np.random.default_rng(0).integers(0, 256, (60, 60)).astype(np.uint8)
    OpenCVTracker("mil").init(noise, np.array([9.0, 9, *size]))


# Shape (width, height) and box; each was seen to kill the process or to hang OpenCV 5.0.
FATAL_FOR_TLD = [
    ((100, 100), (0, 40, 100, 20)),
    ((100, 48), (0, 0, 60, 24)),
    ((20, 20), (0, 0, 20, 20)),
    ((30, 30), (2, 2, 25, 25)),
    ((40, 40), (5, 5, 30, 30)),
    ((50, 10), (0, 0, 50, 10)),
]


@pytest.mark.parametrize(("shape", "box"), FATAL_FOR_TLD)
def test_tld_refuses_a_box_that_fills_the_frame(
    shape: tuple[int, int], box: tuple[float, ...]
) -> None:
    with pytest.raises(ValueError, match=r"would (hang|crash)"):
        check_tld(box, shape)
    with pytest.raises(ValueError, match=r"would (hang|crash)"):
        OpenCVTracker("tld").init(np.zeros(shape[::-1], np.uint8), np.array(box, dtype=float))


@pytest.mark.parametrize(
    ("shape", "box"),
    [
        ((100, 100), (0, 40, 99, 20)),
        ((100, 100), (0, 0, 100, 100)),
        ((48, 48), (10, 10, 24, 24)),
        ((21, 60), (0, 0, 20, 20)),
        ((100, 60), (0, 0, 60, 24)),
    ],
)
def test_tld_starts_on_the_largest_box_that_leaves_background(
    shape: tuple[int, int], box: tuple[float, ...]
) -> None:
    check_tld(box, shape)
    noise = np.random.default_rng(0).integers(0, 256, shape[::-1]).astype(np.uint8)
    OpenCVTracker("tld").init(noise, np.array(box, dtype=float))


def test_opencvs_own_refusal_is_passed_on() -> None:
    with pytest.raises(cv2.error):
        OpenCVTracker("csrt").init(np.zeros((100, 100), np.uint8), np.array([50.0, 50, 1, 20]))
