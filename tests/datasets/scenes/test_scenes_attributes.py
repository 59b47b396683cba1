"""What is recorded of each frame of ``scenes``, against masks and plain sums."""

import math
from dataclasses import replace

import numpy as np
import pytest

from trackbench.contracts import Video
from trackbench.datasets.scenes.catalogue import SCENES
from trackbench.datasets.scenes.dataset import Scenes
from trackbench.datasets.scenes.parameters import ScenesParameters

MANY = ScenesParameters(
    occluders=200, speed=9.0, scale=1.5, similar=1, twins=2, rotation=3.0, beyond=160, camera=4.0
)
SPEC = replace(SCENES.datasets[0], generator=MANY)
INDEX, LENGTH = 2, 60


@pytest.fixture(scope="module")
def video() -> Video:
    return Scenes(SPEC).sequence(INDEX, LENGTH)


def test_boxes_and_visibility_are_those_of_the_masks(video: Video) -> None:
    rendered = Scenes(SPEC).render(INDEX, LENGTH)
    hidden = 0
    for time in range(LENGTH):
        amodal, seen = rendered.masks(time)
        share = seen.sum() / rendered.whole[time]
        assert video.attributes["visibility"][time] == share
        hidden += share < 0.9
        assert not (seen & ~amodal).any()
        if amodal.sum() == rendered.whole[time]:  # it is in the frame as a whole
            rows, columns = np.nonzero(amodal)
            expected = [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]
            assert video.boxes[time].tolist() == expected
    assert hidden > 5


@pytest.mark.thorough
def test_a_target_that_has_left_the_frame_is_absent_and_has_no_box() -> None:
    left = 0
    for index in range(3):
        made = Scenes(SPEC).sequence(index, LENGTH)
        rendered = Scenes(SPEC).render(index, LENGTH)
        assert made.absent is not None
        for time in range(LENGTH):
            if made.absent[time]:
                left += 1
                assert not rendered.masks(time)[0].any()
                assert np.isnan(made.boxes[time]).all()
                assert made.attributes["visibility"][time] == 0
            else:
                assert np.isfinite(made.boxes[time]).all()
    assert left > 0


def test_speed_and_distances_are_those_of_the_boxes_centres(video: Video) -> None:
    rendered = Scenes(SPEC).render(INDEX, LENGTH)
    scene = rendered.scene
    assert (len(scene.similar), len(scene.twins)) == (1, 2)
    x, y, w, h = video.boxes.T
    for time in range(1, LENGTH):
        moved = math.hypot(
            x[time] + w[time] / 2 - x[time - 1] - w[time - 1] / 2,
            y[time] + h[time] / 2 - y[time - 1] - h[time - 1] / 2,
        )
        assert video.attributes["speed"][time] == pytest.approx(moved, nan_ok=True)
    near, twin = (video.attributes[f"{what}_distance"] for what in ("distractor", "twin"))
    there = np.isfinite(x)
    assert (near[there] <= twin[there]).all()
    assert (near[there] < twin[there]).any()


def test_what_changes_stays_in_its_bounds_and_begins_from_nothing() -> None:
    for index in range(2):
        attributes = Scenes(SPEC).sequence(index, LENGTH).attributes
        assert attributes["scale"][0] == 1.0
        assert attributes["scale"].min() >= 1 / 1.5 - 1e-9
        assert attributes["scale"].max() <= 1.5 + 1e-9
        assert np.array_equal(np.abs(attributes["rotation"]), 3.0 * np.arange(LENGTH))
        assert attributes["deformation"][0] == 0.0
        assert 0.0 < attributes["deformation"].max() <= 0.1
        assert (attributes["brightness"] == 1.0).all()
        assert np.isnan(attributes["camera"][0])
        assert 1.0 < attributes["camera"][1:].mean() < 8.0


@pytest.mark.parametrize("index", [-1, 100])
def test_a_sequence_that_does_not_exist_is_an_index_error(index: int) -> None:
    with pytest.raises(IndexError, match=f"^scenes-v1 has no sequence {index}: 0..99$"):
        Scenes(SPEC).sequence(index)


@pytest.mark.parametrize("length", [0, 161])
def test_a_length_that_does_not_exist_is_a_value_error(length: int) -> None:
    with pytest.raises(ValueError, match=f"^scenes-v1: length {length} is not in 1..160$"):
        Scenes(SPEC).sequence(0, length)


def test_parameters_of_another_kind_are_a_type_error() -> None:
    with pytest.raises(TypeError, match="generator must be ScenesParameters"):
        Scenes(replace(SPEC, generator=None))
