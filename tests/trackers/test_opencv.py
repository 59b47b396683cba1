from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from trackbench.errors import TrackbenchError
from trackbench.trackers.opencv import OpenCVTracker

ALL = ["kcf", "csrt", "mil", "mosse", "medianflow", "tld"]


@pytest.mark.thorough
@pytest.mark.parametrize("algorithm", ALL)
def test_the_same_bytes_whatever_ran_before(
    algorithm: str, moving_square: Callable[..., Any]
) -> None:
    video, other = moving_square(length=10), moving_square(seed=5, length=4, step=(1, 3))
    alone = video.follow(OpenCVTracker(algorithm))
    other.follow(OpenCVTracker("tld"))
    other.follow(OpenCVTracker("mil"))
    cv2.setRNGSeed(99)
    ctypes.CDLL(None).srand(99)
    assert video.follow(OpenCVTracker(algorithm)).tobytes() == alone.tobytes()


@pytest.mark.parametrize("algorithm", ALL)
def test_the_same_bytes_whatever_runs_in_between(
    algorithm: str, moving_square: Callable[..., Any]
) -> None:
    video = moving_square(length=10)
    alone = video.follow(OpenCVTracker(algorithm))
    tracker = OpenCVTracker(algorithm)
    tracker.init(video.frames[0], video.boxes[0])
    boxes = [video.boxes[0]]
    for number, frame in enumerate(video.frames[1:]):
        cv2.setRNGSeed(number)
        ctypes.CDLL(None).srand(number)
        boxes.append(tracker.update(frame))
    assert np.array(boxes).tobytes() == alone.tobytes()


@pytest.mark.thorough
def test_the_same_bytes_in_another_process(
    moving_square: Callable[..., Any], tmp_path: Path
) -> None:
    video = moving_square(length=6)
    np.savez(tmp_path / "video.npz", frames=video.frames, boxes=video.boxes)
    code = (
        "import numpy as np, sys\n"
        "from trackbench.trackers.opencv import OpenCVTracker\n"
        "v = np.load(sys.argv[1])\n"
        "for name in sys.argv[2:]:\n"
        "    t = OpenCVTracker(name)\n"
        "    t.init(v['frames'][0], v['boxes'][0])\n"
        "    print(np.array([t.update(f) for f in v['frames'][1:]]).tobytes().hex())\n"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path / "video.npz"), *ALL]
    lines = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.split()
    here = [video.follow(OpenCVTracker(name))[1:].tobytes().hex() for name in ALL]
    assert lines == here


def test_opencv_uses_one_thread() -> None:
    OpenCVTracker("mosse")
    assert cv2.getNumThreads() == 1
    assert not cv2.ocl.useOpenCL()


@pytest.mark.parametrize(
    "arguments",
    [
        {"algorithm": "mosse"},
        {"algorithm": "medianflow"},
        {"algorithm": "kcf", "detect_thresh": 0.5},
    ],
    ids=str,
)
def test_lost_is_the_last_known_box(
    arguments: dict[str, Any], moving_square: Callable[..., Any]
) -> None:
    video = moving_square(length=6)
    tracker = OpenCVTracker(**arguments)
    last = video.follow(tracker)[-1]
    black = np.zeros((100, 100), np.uint8)
    found, _ = tracker._tracker.update(tracker._picture(black))
    assert not found, "OpenCV's own verdict"
    for _ in range(3):
        np.testing.assert_array_equal(tracker.update(black), last)


def test_kcf_never_gives_up_on_its_own_and_does_with_opencvs_threshold(
    moving_square: Callable[..., Any],
) -> None:
    video = moving_square(length=12)
    frames = video.frames.copy()
    noise = np.random.default_rng(1).integers(0, 256, frames.shape).astype(np.uint8)
    frames[6:] = frames[6:] // 4 + noise[6:] // 4 * 3
    video = type(video)(frames, video.boxes)
    moved = np.diff(video.follow(OpenCVTracker("kcf"))[6:, :2], axis=0)
    assert moved.any()
    stayed = np.diff(video.follow(OpenCVTracker("kcf", detect_thresh=0.5))[6:, :2], axis=0)
    assert not stayed.any()


def test_kcf_is_opencvs_with_that_threshold(moving_square: Callable[..., Any]) -> None:
    video = moving_square(length=8)
    parameters = cv2.TrackerKCF_Params()
    parameters.detect_thresh = 0.0
    theirs = cv2.TrackerKCF_create(parameters)
    colour = video.in_colour().frames
    theirs.init(colour[0], tuple(int(value) for value in video.boxes[0]))
    expected = [theirs.update(frame) for frame in colour[1:]]
    assert all(found for found, _ in expected)
    boxes = video.follow(OpenCVTracker("kcf"))
    np.testing.assert_array_equal(boxes[1:], [box for _, box in expected])


def test_red_reaches_opencv_as_red(moving_square: Callable[..., Any]) -> None:
    tracker = OpenCVTracker("kcf")
    video = moving_square(length=1).in_colour()
    tracker.init(video.frames[0], video.boxes[0])
    red = np.zeros((100, 100, 3), np.uint8)
    red[..., 0] = 255
    np.testing.assert_array_equal(tracker._picture(red)[0, 0], [0, 0, 255])


def test_tld_follows_a_small_target_only_if_enlarged(moving_square: Callable[..., Any]) -> None:
    large = moving_square(length=16)
    small = type(large)(large.frames[:, ::2, ::2], large.boxes / 2)
    # 0.80 and 0.10 when first run.
    assert small.mean_iou(small.follow(OpenCVTracker("tld"))) > 0.7
    assert small.mean_iou(small.follow(OpenCVTracker("tld", min_side=0))) < 0.2


def test_mosse_believes_in_a_small_target_only_if_enlarged(
    moving_square: Callable[..., Any],
) -> None:
    large = moving_square(length=16)
    small = type(large)(large.frames[:, ::2, ::2], large.boxes / 2)
    assert small.mean_iou(small.follow(OpenCVTracker("mosse"))) > 0.85  # 0.93 when first run
    stays = small.follow(OpenCVTracker("mosse", min_side=0))
    np.testing.assert_array_equal(stays, np.tile(small.boxes[0], (16, 1)))


def test_enlarging_leaves_the_boxes_where_they_are(moving_square: Callable[..., Any]) -> None:
    video = moving_square(length=5)
    plain = video.follow(OpenCVTracker("medianflow"))
    enlarged = video.follow(OpenCVTracker("medianflow", min_side=70))
    np.testing.assert_allclose(enlarged, plain, atol=1.0)


def test_parameters_reach_opencv(moving_square: Callable[..., Any]) -> None:
    video = moving_square(length=6)
    plain = video.follow(OpenCVTracker("csrt"))
    other = video.follow(OpenCVTracker("csrt", padding=1.5, use_hog=False))
    assert other.tobytes() != plain.tobytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"algorithm": "kfc"}, "unknown OpenCV tracker 'kfc': did you mean kcf?"),
        (
            {"algorithm": "kcf", "detect_tresh": 1},
            "unknown kcf parameter 'detect_tresh': did you mean detect_thresh?",
        ),
        ({"algorithm": "mosse", "rate": 0.1}, "unknown mosse parameter 'rate': known: none"),
        ({"algorithm": "tld", "min_side": -1}, "tld parameter min_side=-1: give pixels, or 0"),
    ],
)
def test_a_wrong_argument_is_one_clear_line(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TrackbenchError) as caught:
        OpenCVTracker(**arguments)
    assert str(caught.value) == message


def test_a_parameter_of_the_wrong_type_is_one_clear_line() -> None:
    with pytest.raises(TrackbenchError, match=r"^kcf parameter sigma='wide': .*float"):
        OpenCVTracker("kcf", sigma="wide")


def test_a_target_that_leaves_the_frame_keeps_its_last_box() -> None:
    """KCF follows a square that slides out of the frame; OpenCV then reports a box without area."""
    frames = np.random.RandomState(0).randint(0, 40, (60, 100, 100)).astype(np.uint8)
    square = np.random.RandomState(1).randint(120, 255, (20, 20)).astype(np.uint8)
    for t, frame in enumerate(frames):
        left = 60 + 2 * t
        visible = max(0, min(20, 100 - left))
        frame[40:60, left : left + visible] = square[:, :visible]
    tracker = OpenCVTracker("kcf")
    tracker.init(frames[0], np.array([60.0, 40, 20, 20]))
    boxes = np.array([tracker.update(frame) for frame in frames[1:]])
    assert (boxes[:, 2:] > 0).all()
    assert boxes[:, 0].max() > 75  # it was followed to the edge
