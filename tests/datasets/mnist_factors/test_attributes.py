"""What is recorded of each frame of ``mnist-factors``, against the pixels and plain sums."""

import math
from dataclasses import replace

import numpy as np
import pytest

from trackbench.datasets.mnist_factors.catalogue import MNIST_FACTORS
from trackbench.datasets.mnist_factors.dataset import MnistFactors
from trackbench.datasets.mnist_factors.parameters import MnistFactorsParameters

MANY = MnistFactorsParameters(
    occluders=640, speed=4.0, scale=1.5, others=2, twins=2, rotation=2.0, brightness=0.5
)
SPEC = replace(MNIST_FACTORS.datasets[0], generator=MANY)
INDEX, LENGTH = 7, 60


@pytest.fixture(scope="module")
def dataset() -> MnistFactors:
    return MnistFactors(SPEC)


def centre(box: np.ndarray) -> tuple[float, float]:
    x, y, w, h = box.tolist()
    return x + w / 2, y + h / 2


def test_boxes_are_tight_around_the_opaque_pixels_hidden_or_not(dataset: MnistFactors) -> None:
    boxes, drawn = dataset.sequence(INDEX, LENGTH).boxes, dataset.render(INDEX, LENGTH).target
    for box, opaque, corner in zip(boxes, drawn.sprites.opaque, drawn.sprites.corners, strict=True):
        rows, columns = np.nonzero(opaque)
        top, left = corner[0] + rows.min(), corner[1] + columns.min()
        assert box.tolist() == [left, top, np.ptp(columns) + 1, np.ptp(rows) + 1]


def test_visibility_is_the_share_of_the_target_that_is_seen(dataset: MnistFactors) -> None:
    video, rendered = dataset.sequence(INDEX, LENGTH), dataset.render(INDEX, LENGTH)
    for t, share in enumerate(video.attributes["visibility"]):
        opaque = int(rendered.target.sprites.opaque[t].sum())
        assert share == int(rendered.visible[t].sum()) / opaque
    assert video.attributes["visibility"].min() < 0.95


def test_the_visible_mask_is_where_a_target_of_another_brightness_differs() -> None:
    """Shown by the pixels alone: without brightness changes the target's are the only ones."""
    bright = replace(SPEC, generator=replace(MANY, brightness=0.0, twins=0))
    dim = replace(bright, generator=replace(bright.generator, contrast=0.5))
    a, b = (MnistFactors(spec).render(INDEX, LENGTH) for spec in (bright, dim))
    assert np.array_equal(a.frames != b.frames, a.visible)


def test_speed_and_distances_are_those_of_the_boxes_centres(dataset: MnistFactors) -> None:
    video, rendered = dataset.sequence(INDEX, LENGTH), dataset.render(INDEX, LENGTH)
    assert math.isnan(video.attributes["speed"][0])
    others = [each.sprites.boxes() for each in rendered.neighbours]
    twins = [each.sprites.boxes() for each in rendered.twins]
    assert (len(others), len(twins)) == (4, 2)
    for t in range(LENGTH):
        here = centre(video.boxes[t])
        if t:
            moved = math.dist(here, centre(video.boxes[t - 1]))
            assert video.attributes["speed"][t] == pytest.approx(moved, rel=1e-14)
        for name, boxes in (("distractor_distance", others), ("twin_distance", twins)):
            away = min(math.dist(here, centre(each[t])) for each in boxes)
            assert video.attributes[name][t] == pytest.approx(away, rel=1e-14)


def test_scale_stays_in_its_bounds_rotation_is_steady_and_brightness_begins_whole() -> None:
    attributes = MnistFactors(SPEC).sequence(INDEX).attributes
    scale, turned = attributes["scale"], attributes["rotation"]
    assert scale[0] == 1.0
    assert scale.max() > 1.3 * scale.min()
    assert 1 / 1.5 - 1e-12 <= scale.min() < scale.max() <= 1.5 + 1e-12
    assert np.array_equal(np.abs(turned), 2.0 * np.arange(160))
    assert len(set(np.sign(turned[1:]))) == 1
    assert attributes["brightness"][0] == 1.0
    assert 0.5 <= attributes["brightness"].min() < 0.8


@pytest.mark.thorough
def test_speed_does_not_change_with_time() -> None:
    """What the paper's sets do not have: the mean of 40 videos is the level's, early and late."""
    base = MnistFactors(MNIST_FACTORS.datasets[0])
    speeds = np.array([base.sequence(i).attributes["speed"][1:] for i in range(40)])
    assert speeds[:, :50].mean() == pytest.approx(2.0, rel=0.15)
    assert speeds[:, -50:].mean() == pytest.approx(2.0, rel=0.15)


def test_without_others_there_is_no_distance() -> None:
    attributes = MnistFactors(MNIST_FACTORS.datasets[0]).sequence(0, 2).attributes
    for name in ("distractor_iou", "distractor_distance", "twin_distance"):
        assert np.isnan(attributes[name]).all()


@pytest.mark.parametrize("index", [-1, 200])
def test_a_sequence_that_does_not_exist_is_an_index_error(index: int) -> None:
    with pytest.raises(IndexError, match=f"^mnist-factors-v1 has no sequence {index}: 0..199$"):
        MnistFactors(SPEC).sequence(index)


@pytest.mark.parametrize("length", [0, 161])
def test_a_length_that_does_not_exist_is_a_value_error(length: int) -> None:
    with pytest.raises(ValueError, match=f"^mnist-factors-v1: length {length} is not in 1..160$"):
        MnistFactors(SPEC).sequence(0, length)


def test_parameters_of_another_kind_are_a_type_error() -> None:
    with pytest.raises(TypeError, match="generator must be MnistFactorsParameters"):
        MnistFactors(replace(SPEC, generator=None))
