from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from trackbench.errors import TrackbenchError
from trackbench.trackers.ncc import NccTracker, Template, correlation

PIXELS = st.one_of(st.integers(0, 255), st.sampled_from([0, 254, 255]))


@st.composite
def image_and_template(draw: st.DrawFn) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    rows, columns = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    image = draw(hnp.arrays(np.uint8, (rows, columns), elements=PIXELS))
    h, w = draw(st.integers(1, rows)), draw(st.integers(1, columns))
    return image, draw(hnp.arrays(np.uint8, (h, w), elements=PIXELS))


def score_by_definition(window: NDArray[np.uint8], template: NDArray[np.uint8]) -> Fraction:
    """Signed square of the correlation, in fractions: no rounding anywhere."""
    f = [Fraction(int(value)) for value in window.ravel()]
    t = [Fraction(int(value)) for value in template.ravel()]
    mean_f, mean_t = sum(f) / len(f), sum(t) / len(t)
    covariance = sum((a - mean_f) * (b - mean_t) for a, b in zip(f, t, strict=True))
    variances = sum((a - mean_f) ** 2 for a in f) * sum((b - mean_t) ** 2 for b in t)
    return covariance * abs(covariance) / variances if variances else Fraction(0)


@pytest.mark.thorough
@settings(deadline=None)
@given(image_and_template())
def test_every_score_is_the_definition(pair: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    image, template = pair
    scores = correlation(image, template)
    h, w = template.shape
    assert scores.shape == (image.shape[0] - h + 1, image.shape[1] - w + 1)
    for (row, column), score in np.ndenumerate(scores):
        exact = float(score_by_definition(image[row : row + h, column : column + w], template))
        assert score * abs(score) == pytest.approx(exact, rel=1e-14, abs=0)


def test_agrees_with_opencv_where_contrast_is_high() -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (60, 80)).astype(np.uint8)
    template = rng.integers(0, 256, (9, 14)).astype(np.uint8)
    theirs = cv2.matchTemplate(image, template, cv2.TM_CCOEFF_NORMED)
    np.testing.assert_allclose(correlation(image, template), theirs, atol=1e-5)


def test_finds_a_faint_target_that_single_precision_misses() -> None:
    rng = np.random.default_rng(0)
    image = (200 + rng.integers(0, 2, (100, 100))).astype(np.uint8)
    scores = correlation(image, image[40:60, 30:50])
    assert scores[40, 30] == 1.0
    assert (scores == 1.0).sum() == 1


def test_sums_of_a_large_white_frame_are_exact() -> None:
    image = np.full((1000, 1000), 255, np.uint8)
    image[500, 500] = 254
    template = image[300:700, 300:700]
    scores = correlation(image, template)
    assert scores[300, 300] == 1.0
    assert scores[0, 0] == 0.0  # a flat window


def test_brightness_and_contrast_do_not_matter(moving_square: Callable[..., Any]) -> None:
    video = moving_square(length=6)
    expected = video.follow(NccTracker())
    darker = type(video)(video.frames // 2 // 2 * 2 + 30, video.boxes)
    np.testing.assert_array_equal(darker.follow(NccTracker()), expected)


def test_search_limits_the_step(moving_square: Callable[..., Any]) -> None:
    video = moving_square(length=3, step=(9, 0))
    assert video.mean_iou(video.follow(NccTracker(search=9))) == 1.0
    steps = np.diff(video.follow(NccTracker(search=3))[:, 0])
    assert (np.abs(steps) <= 3).all()


def test_search_zero_stays(moving_square: Callable[..., Any]) -> None:
    video = moving_square(length=3)
    boxes = video.follow(NccTracker(search=0))
    np.testing.assert_array_equal(boxes, np.tile(video.boxes[0], (3, 1)))


def test_a_flat_template_stays() -> None:
    tracker = NccTracker()
    box = np.array([3.0, 4, 5, 6])
    tracker.init(np.full((20, 20), 9, np.uint8), box)
    noise = np.random.default_rng(0).integers(0, 256, (20, 20)).astype(np.uint8)
    np.testing.assert_array_equal(tracker.update(noise), box)


def test_a_flat_frame_stays(moving_square: Callable[..., Any]) -> None:
    video = moving_square(length=1)
    tracker = NccTracker()
    tracker.init(video.frames[0], video.boxes[0])
    np.testing.assert_array_equal(tracker.update(np.zeros((100, 100), np.uint8)), video.boxes[0])


def test_a_score_at_the_minimum_is_no_detection(moving_square: Callable[..., Any]) -> None:
    video = moving_square(length=3)
    assert video.mean_iou(video.follow(NccTracker(min_score=0.999))) == 1.0
    boxes = video.follow(NccTracker(min_score=1.0))
    np.testing.assert_array_equal(boxes, np.tile(video.boxes[0], (3, 1)))


def test_a_box_partly_outside_keeps_its_size_and_moves_with_what_is_inside() -> None:
    rng = np.random.default_rng(0)
    world = rng.integers(0, 256, (40, 60)).astype(np.uint8)
    tracker = NccTracker()
    tracker.init(world[:, 10:50], np.array([-4.25, 5, 12, 10.5]))
    np.testing.assert_array_equal(tracker.update(world[:, 7:47]), [-1.25, 5, 12, 10.5])


@pytest.mark.parametrize("box", [(-9, 0, 5, 5), (40, 0, 5, 5), (3, 3, 0.2, 5), (0, 40.5, 9, 9)])
def test_a_box_without_a_pixel_is_refused(box: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"no pixel of the 40 x 40 frame"):
        NccTracker().init(np.zeros((40, 40), np.uint8), np.array(box, dtype=float))


def test_a_negative_search_is_refused() -> None:
    with pytest.raises(TrackbenchError, match="search=-1"):
        NccTracker(search=-1)


def test_no_place_within_reach_is_no_detection(moving_square: Callable[..., Any]) -> None:
    video = moving_square(length=1)
    template = Template.cut(video.frames[0], video.boxes[0])
    outside = np.array([200.0, 30, 28, 28])
    assert template.find(video.frames[0], outside, (50, 50)) is None
    found = template.find(video.frames[0], outside, (180, 0))
    assert found is not None
    np.testing.assert_array_equal(found.box, video.boxes[0])
    assert found.score == 1.0
