"""What every classical tracker of the catalogue does, on one easy video."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trackbench import ids
from trackbench.contracts import Tracker, TrackerSpec
from trackbench.trackers.catalogue import TRACKERS

CLASSICAL = [spec for spec in TRACKERS if not spec.needs_weights]

# Each is a little under what the tracker got in the first run: kcf .811, csrt .935, mil .598,
# mosse .923, medianflow .993, tld .755, ncc, kalman and champion 1; static gets .204.
LOWEST_MEAN_IOU = {
    "kcf-v1": 0.78,
    "csrt-v1": 0.85,
    "mil-v1": 0.5,
    "mosse-v1": 0.87,
    "medianflow-v1": 0.95,
    "tld-v1": 0.65,
    "ncc-v1": 1.0,
    "kalman-v1": 0.999,
    "champion-v1": 0.99,
    "static-v1": 0.2,
}


def build(spec: TrackerSpec) -> Any:
    module, _, attribute = spec.factory.partition(":")
    return getattr(importlib.import_module(module), attribute)(**spec.parameters)


@pytest.fixture(params=CLASSICAL, ids=lambda spec: spec.id)
def spec(request: pytest.FixtureRequest) -> TrackerSpec:
    return request.param


def test_the_ten_are_there_and_described() -> None:
    assert set(LOWEST_MEAN_IOU) == {spec.id for spec in CLASSICAL}
    for spec in TRACKERS:
        assert str(ids.parse(spec.id)) == spec.id
        assert spec.description
        assert "\n" not in spec.description
        assert spec.reference


def test_ids_are_different() -> None:
    assert len({spec.id for spec in TRACKERS}) == len(TRACKERS)


def test_reading_the_catalogue_imports_neither_opencv_nor_pytorch() -> None:
    code = (
        "import sys, trackbench.trackers.catalogue\n"
        "assert not {'cv2', 'torch', 'scipy'} & set(sys.modules), 'too much imported'"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_follows_the_square(spec: TrackerSpec, moving_square: Callable[..., Any]) -> None:
    video = moving_square()
    assert video.mean_iou(video.follow(build(spec))) >= LOWEST_MEAN_IOU[spec.id]


def test_honours_the_contract(spec: TrackerSpec, moving_square: Callable[..., Any]) -> None:
    video = moving_square(length=4)
    tracker = build(spec)
    assert isinstance(tracker, Tracker)
    first = tracker.init(video.frames[0], video.boxes[0])
    assert first is None or np.shape(first) == (4,)
    for frame in video.frames[1:]:
        box = np.asarray(tracker.update(frame))
        assert box.shape == (4,)
        assert box.dtype == np.float64
        assert np.isfinite(box).all()


def test_a_returned_box_is_the_callers(
    spec: TrackerSpec, moving_square: Callable[..., Any]
) -> None:
    video = moving_square(length=4)
    expected = video.follow(build(spec))
    tracker = build(spec)
    start = video.boxes[0].copy()
    tracker.init(video.frames[0], start)
    start[:] = -1
    for frame, box in zip(video.frames[1:], expected[1:], strict=True):
        got = tracker.update(frame)
        np.testing.assert_array_equal(got, box)
        got[:] = -1


def test_init_forgets_the_former_video(
    spec: TrackerSpec, moving_square: Callable[..., Any]
) -> None:
    video, former = moving_square(seed=3, length=8), moving_square(seed=4, length=8, step=(1, 2))
    fresh = video.follow(build(spec))
    tracker = build(spec)
    former.follow(tracker)
    assert video.follow(tracker).tobytes() == fresh.tobytes()


def test_frames_stay_as_they_are(spec: TrackerSpec, moving_square: Callable[..., Any]) -> None:
    video = moving_square(length=6)
    assert not video.frames.flags.writeable
    before = video.frames.copy()
    video.follow(build(spec))
    np.testing.assert_array_equal(video.frames, before)


def test_grey_is_the_same_as_three_equal_channels(
    spec: TrackerSpec, moving_square: Callable[..., Any]
) -> None:
    video = moving_square(length=6)
    grey = video.follow(build(spec))
    assert video.in_colour().follow(build(spec)).tobytes() == grey.tobytes()


def test_frames_may_lie_anyhow_in_memory(
    spec: TrackerSpec, moving_square: Callable[..., Any]
) -> None:
    video = moving_square(length=4)
    plain = video.follow(build(spec))
    turned = type(video)(np.asfortranarray(video.frames), video.boxes)
    assert not turned.frames[0].flags.c_contiguous
    assert turned.follow(build(spec)).tobytes() == plain.tobytes()
