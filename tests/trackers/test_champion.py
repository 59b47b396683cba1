"""What ``champion`` does that the tests of every tracker do not show."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from trackbench.contracts import Frame
from trackbench.errors import TrackbenchError
from trackbench.metrics import mask_iou
from trackbench.plugins import registry
from trackbench.trackers.champion import ChampionTracker, Model
from trackbench.trackers.champion_background import Background
from trackbench.trackers.champion_edges import tightened
from trackbench.trackers.champion_flat import Ground, Relief, noise_between
from trackbench.trackers.champion_motion import Motion
from trackbench.trackers.grey import grey


def test_the_background_moves_with_the_camera_and_the_object_stands_out() -> None:
    scene = np.random.default_rng(0).integers(20, 200, (60, 70), np.uint8)
    first, second = scene[5:45, 5:55].copy(), scene[8:48, 3:53].copy()
    first[10:16, 10:18] = 255
    second[20:26, 30:38] = 255
    background = Background(cv2, first, (10, 10, 8, 6), reach=8, tolerance=8, memory=20)
    differs, hiding = background.separate(second)
    # What was below the object in the first frame is new: it differs, as does the object itself.
    expected = np.zeros((40, 50), bool)
    expected[20:26, 30:38] = True
    expected[7:13, 12:20] = True
    np.testing.assert_array_equal(differs, expected)
    np.testing.assert_array_equal(hiding, ~expected)


def test_sides_move_to_the_edges_unless_hidden() -> None:
    target = np.zeros((20, 20), bool)
    target[5:12, 6:14] = True
    nothing = np.zeros_like(target)
    assert tightened((6, 5, 8, 7), target, nothing) == (6, 5, 8, 7)
    assert tightened((5, 6, 8, 7), target, nothing) == (6, 5, 8, 7)
    covered = nothing.copy()
    covered[:, :6] = True
    assert tightened((5, 5, 9, 7), target, covered) == (5, 5, 9, 7)
    assert tightened((5, 5, 9, 7), target, nothing) == (6, 5, 8, 7)


def test_a_bounce_costs_little_and_no_move_costs_more_than_the_cap() -> None:
    motion = Motion(np.array([50.0, 50.0]), np.array([4.0, 0.0]), 28)
    cost = motion.place_cost(np.array([54.0, 46.0, 50.0, 1000.0]), np.array([50.0]))[0]
    assert cost.tolist() == [0.0, 4.0, 16.0, 120.0]


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("dataset", ["mnist-valid-single-v1", "mnist-valid-multi-v1"])
def test_it_follows_validation_sequences(dataset: str, colour: bool) -> None:
    video = registry.build_dataset(registry.datasets().get(dataset)).sequence(41, 60)
    frames = np.repeat(video.frames[..., None], 3, -1) if colour else video.frames
    tracker = ChampionTracker()
    tracker.init(frames[0], video.boxes[0])
    boxes = np.array([video.boxes[0], *(tracker.update(frame) for frame in frames[1:])])
    assert tracker.decided is Model.LAYERS
    assert mask_iou(boxes, video.boxes, (100, 100)).mean() > 0.8


def test_it_follows_scenes_by_their_looks() -> None:
    video = registry.build_dataset(registry.datasets().get("scenes-valid-v1")).sequence(1, 30)
    boxes, model = tracked(video.frames, video.boxes[0])
    assert model is Model.LOOKS
    assert mask_iou(boxes, video.boxes, (240, 320)).mean() > 0.9


def noisy(frames: Frame, deviation: float) -> Frame:
    noise = np.random.default_rng(0).normal(0, deviation, frames.shape)
    return np.clip(np.rint(frames + noise), 0, 255).astype(np.uint8)


def coded(frames: Frame) -> Frame:
    """Return what a JPEG of each frame keeps."""
    files = (cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 90])[1] for frame in frames)
    return np.stack([np.asarray(cv2.imdecode(file, cv2.IMREAD_UNCHANGED)) for file in files])


@pytest.mark.parametrize(
    ("changed", "least"),
    [
        (lambda frames: noisy(frames, 2), 0.9),
        (lambda frames: noisy(frames, 16), 0.85),
        (coded, 0.9),
        (lambda frames: frames // 2 + 60, 0.9),
        (lambda frames: 255 - frames, 0.9),
        (lambda frames: np.stack([frames, frames // 2, 255 - frames], axis=-1), 0.9),
    ],
    ids=["a little noise", "noise", "jpeg", "a grey ground", "a white ground", "colours"],
)
def test_a_drawn_video_is_one_whatever_its_ground_its_colours_and_its_noise(
    changed: Callable[[Frame], Frame], least: float
) -> None:
    video = registry.build_dataset(registry.datasets().get("mnist-valid-single-v1")).sequence(
        41, 60
    )
    boxes, model = tracked(changed(np.asarray(video.frames)), video.boxes[0])
    assert model is Model.LAYERS
    assert mask_iou(boxes, video.boxes, (100, 100)).mean() > least


@pytest.mark.parametrize("noise", [0.0, 48.0])
@pytest.mark.parametrize("in_grey", [False, True])
def test_scenes_are_no_drawings_whatever_their_noise(noise: float, in_grey: bool) -> None:
    spec = registry.datasets().get("scenes-valid-v1")
    spec = replace(spec, generator=replace(spec.generator, noise=noise))
    dataset = registry.build_dataset(spec)
    for index in range(3):
        video = dataset.sequence(index, 1)
        frame = np.asarray(video.frames)[0]
        assert not Ground.of(grey(frame, axes=2) if in_grey else frame, video.boxes[0]).flat


def test_a_ground_is_told_from_what_stands_on_it() -> None:
    frame = np.full((40, 50, 3), (10, 200, 90), np.uint8)
    frame[5:15, 8:20] = (10, 190, 130)
    box = np.array([8.0, 5.0, 12.0, 10.0])
    assert Ground.of(frame, box) == Ground(noise=0.0, spread=1.0)
    away = Relief(cv2, frame, noise=0).of(frame)
    assert away[5:15, 8:20].tolist() == [[40] * 12] * 10
    assert away.sum() == 40 * 120
    ramp = np.tile(np.arange(0, 150, 3, np.uint8), (40, 1))
    assert not Ground.of(ramp, box).flat


@pytest.mark.parametrize("sides", [((0, 0), (200, 200)), ((0, 0), (500, 0)), ((150, 150), (0, 0))])
def test_bars_beside_a_picture_make_no_drawing_of_it(sides: tuple[tuple[int, int], ...]) -> None:
    """A portrait video stored as a landscape one is more bars than picture."""
    video = registry.build_dataset(registry.datasets().get("scenes-valid-v1")).sequence(1, 1)
    frame = np.asarray(video.frames)[0]
    (above, _), (before, _) = sides
    barred = np.pad(frame, (*sides, (0, 0)), constant_values=17)
    barred[(barred == 17).all(axis=2)] += np.uint8(2)  # as what coded it might
    box = video.boxes[0] + (before, above, 0, 0)
    assert Ground.of(barred, box).spread == Ground.of(frame, video.boxes[0]).spread
    assert not Ground.of(barred, box).flat


@pytest.mark.parametrize("level", [0, 90])
def test_a_target_alone_on_a_plain_ground_is_drawn(level: int) -> None:
    frame = np.full((60, 80), level, np.uint8)
    assert Ground.of(frame, np.array([5.0, 5, 9, 9])).flat
    frame[20:32, 30:45] = np.random.default_rng(0).integers(100, 255, (12, 15))
    assert Ground.of(frame, np.array([30.0, 20, 15, 12])).flat
    assert Ground.of(frame, np.array([0.0, 0, 80, 60])).flat


def test_noise_is_measured_and_smoothed() -> None:
    both = noisy(np.full((2, 100, 100), 128, np.uint8), 20)
    assert Ground.of(both[0], np.array([0.0, 0, 9, 9])).noise == pytest.approx(20, rel=0.1)
    assert noise_between(both[0], both[1]) == pytest.approx(20, rel=0.1)
    assert noise_between(both[0], both[0]) == 0  # a texture that stays
    relief = Relief(cv2, both[0], noise=20)
    assert relief.tolerance == 28
    assert relief.of(both[0]).std() < 20 * 0.375


def tracked(frames: Any, box: Any) -> tuple[Any, Model]:
    """Return the boxes (T, 4) that follow from the first frame's, and the model."""
    tracker = ChampionTracker()
    tracker.init(frames[0], box)
    boxes = np.array([box, *(tracker.update(frame) for frame in frames[1:])])
    return boxes, tracker.decided


@pytest.mark.parametrize(
    "box",
    [(-5.0, -3.0, 20.0, 18.0), (30.4, 20.7, 9.3, 12.5), (38.0, 28.0, 30.0, 30.0), (5, 5, 1, 1)],
)
@pytest.mark.parametrize("shape", [(30, 40), (9, 40), (90, 160, 3)])
def test_boxes_beyond_the_frame_and_frames_of_any_size(
    box: tuple[float, ...], shape: tuple[int, ...]
) -> None:
    frames = np.random.default_rng(1).integers(0, 255, (5, *shape), np.uint8)
    first = np.array(box, np.float64)
    tracker = ChampionTracker()
    if first[1] + 1 > shape[0]:
        with pytest.raises(ValueError, match="no whole pixel"):
            tracker.init(frames[0], first)
        return
    tracker.init(frames[0], first)
    for frame in frames[1:]:
        got = np.asarray(tracker.update(frame))
        assert got.shape == (4,)
        assert np.isfinite(got).all()
        assert (got[2:] > 0).all()


def test_a_still_scene_gives_the_first_box_with_its_fractions(
    moving_square: Callable[..., Any],
) -> None:
    frame = moving_square().frames[0]
    box = np.asarray(moving_square().boxes[0]) + np.array([-0.25, 0.25, 0.5, -0.5])
    tracker = ChampionTracker(edges=False)
    tracker.init(frame, box)
    np.testing.assert_allclose(np.asarray(tracker.update(frame)), box)
    assert tracker.decided is Model.LAYERS


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"motion_weight": -1}, "motion_weight must be from 0 to 1,000,000, not -1"),
        ({"motion_weight": float("inf")}, "motion_weight must be from 0 to 1,000,000, not inf"),
        ({"motion_weight": float("nan")}, "motion_weight must be from 0 to 1,000,000, not nan"),
        ({"looks_rate": 2}, "looks_rate must be from 0 to 1, not 2"),
        ({"bounce_cost": -1}, "bounce_cost must be 0 or more, not -1"),
        ({"bounce_cost": "4"}, "bounce_cost must be a number, 0 or more, not '4'"),
        ({"camera_reach": 2.5}, "camera_reach must be a whole number, from 0 to 1000, not 2.5"),
        ({"camera_reach": "8"}, "camera_reach must be a whole number, from 0 to 1000, not '8'"),
        ({"background_memory": 40_000}, "background_memory must be from 0 to 10000, not 40000"),
        (
            {"background_memory": True},
            "background_memory must be a whole number, from 0 to 10000, not True",
        ),
        ({"edges": "no"}, "edges='no': give True or False"),
        ({"model": "layer"}, "model=layer: give one of seen, layers, looks"),
    ],
)
def test_parameters_are_checked(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(TrackbenchError, match=re.escape(f"champion parameter {message}")):
        ChampionTracker(**wrong)


def test_the_largest_parameters_do_not_overflow(moving_square: Callable[..., Any]) -> None:
    video = moving_square()
    tracker = ChampionTracker(
        camera_reach=1000,
        background_tolerance=255,
        background_memory=10_000,
        motion_weight=1e6,
        bounce_cost=float("inf"),
    )
    tracker.init(video.frames[0], video.boxes[0])
    for frame in video.frames[1:]:
        assert np.isfinite(np.asarray(tracker.update(frame))).all()
