"""What ``champion`` does that the tests of every tracker do not show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from trackbench.errors import TrackbenchError
from trackbench.metrics import mask_iou
from trackbench.plugins import registry
from trackbench.trackers.champion import ChampionTracker, Model
from trackbench.trackers.champion_background import Background
from trackbench.trackers.champion_edges import tightened
from trackbench.trackers.champion_motion import Motion


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


def test_a_sensors_noise_decides_and_a_first_frame_that_comes_again_does_not() -> None:
    video = registry.build_dataset(registry.datasets().get("mnist-valid-single-v1")).sequence(41, 4)
    first, *others = video.frames
    noise = np.random.default_rng(0).integers(0, 3, video.frames.shape, np.uint8)
    noisy = np.maximum(video.frames, 3) - noise
    for frames, expected in (
        ([first, first, first], Model.SEEN),
        ([first, first, *others], Model.LAYERS),
        ([noisy[0], noisy[0], *noisy[1:]], Model.LOOKS),
    ):
        assert tracked(frames, video.boxes[0])[1] is expected


def test_a_frame_with_a_colour_decides_at_once() -> None:
    frame = np.zeros((40, 50, 3), np.uint8)
    tracker = ChampionTracker()
    tracker.init(frame, np.array([10.0, 10.0, 12.0, 9.0]))
    assert tracker.decided is Model.SEEN
    frame[3, 4] = (9, 8, 8)
    tracker.init(frame, np.array([10.0, 10.0, 12.0, 9.0]))
    assert tracker.decided is Model.LOOKS


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
    assert tracker.decided is Model.SEEN


def test_parameters_are_checked() -> None:
    with pytest.raises(TrackbenchError, match="champion parameter motion_weight=-1: give a number"):
        ChampionTracker(motion_weight=-1)
    with pytest.raises(TrackbenchError, match="champion parameter looks_rate=2: give a share"):
        ChampionTracker(looks_rate=2)
    with pytest.raises(TrackbenchError, match="champion parameter model=layer: give one of seen"):
        ChampionTracker(model="layer")
