"""Whole sequences against a slow, plain renderer: one frame, one layer after the other."""

import hashlib
import json
import math
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from trackbench.contracts import Dataset, DatasetSpec, Video
from trackbench.datasets import clutter, digits
from trackbench.datasets.clutter import ClutterParameters
from trackbench.datasets.digits import Digits
from trackbench.datasets.moving_mnist import MovingMnist, MovingMnistParameters, Shape
from trackbench.datasets.streams import Purpose, Stream
from trackbench.plugins import registry

SETS = (
    "mnist-single-same-v1",
    "mnist-single-diff-v1",
    "mnist-multi-same-v1",
    "mnist-multi-diff-v1",
)
LENGTH = 160
SEQUENCES = (0, 137, 499)


def dataset(name: str) -> Dataset:
    return registry.build_dataset(registry.datasets().get(name))


@dataclass(frozen=True)
class Layer:
    """One thing in one frame: (100, 100) values and where it hides what is below."""

    value: NDArray[np.int64]
    opaque: NDArray[np.bool_]


@dataclass(frozen=True)
class PlainFrame:
    """What one frame is composed of, from behind to in front."""

    behind: Layer
    objects: list[Layer]
    front: Layer
    sides: list[int]
    bounce: list[bool]

    @property
    def image(self) -> NDArray[np.int64]:
        image = np.zeros((100, 100), np.int64)
        for layer in (self.behind, *self.objects, self.front):
            image = np.where(layer.opaque, layer.value, image)
        return image


def plain(spec: DatasetSpec, index: int) -> list[PlainFrame]:
    p = spec.generator
    motion = Stream(spec.seed, Purpose.MOTION, index)
    look = Stream(spec.seed, Purpose.SPRITE, index)
    scale = Stream(spec.seed, Purpose.SCALE, index)
    choice = Stream(spec.seed, Purpose.CLUTTER_CHOICE, index)
    behind, front = (
        clutter.clutter_image(p.clutter, p.digits, spec.seed, int(number)).astype(np.int64)
        for number in choice.integers(0, 256, 2)
    )
    # The first thing that moves is the window onto the clutter, the others are the objects.
    room = [100] + [72] * p.objects
    step = [0.01] + [0.1] * p.objects
    position = motion.uniform(2 * len(room)).reshape(-1, 2).tolist()
    speed = [abs(float(v)) for v in motion.normal(len(room))]
    velocity = []
    for n in range(len(room)):
        row, column = motion.normal(2).tolist()
        norm = math.sqrt(row * row + column * column)
        velocity.append([row / norm * speed[n], column / norm * speed[n]])
    images = [object_image(look, p.digits, p.shape) for _ in range(p.objects)]
    size = [28.0] * p.objects
    frames = []
    for _ in range(LENGTH):
        corner, bounce = [], []
        for n in range(len(room)):
            hit = False
            for axis in (0, 1):
                position[n][axis] += step[n] * velocity[n][axis]
                velocity[n][axis] += float(motion.normal(1)[0]) * 0.1
                if position[n][axis] <= 0 or position[n][axis] >= 1:
                    position[n][axis] = 0.0 if position[n][axis] <= 0 else 1.0
                    velocity[n][axis] = -velocity[n][axis]
                    hit = True
            corner.append([int(position[n][axis] * room[n]) for axis in (0, 1)])
            bounce.append(hit)
        objects = []
        for n in range(p.objects):
            size[n] = max(8.0, size[n] * math.exp(0.1 * (float(scale.uniform(1)[0]) - 0.5)))
            if max(corner[n + 1]) + int(size[n]) > 100:
                size[n] = 28.0
            objects.append(placed(resized(images[n], int(size[n])), *corner[n + 1]))
        y, x = corner[0]
        frames.append(
            PlainFrame(
                behind=layer(behind[y : y + 100, x : x + 100]),
                objects=objects,
                front=layer(front[y : y + 100, x : x + 100]),
                sides=[int(s) for s in size],
                bounce=bounce[1:],
            )
        )
    return frames


def object_image(look: Stream, split: Digits, shape: Shape) -> NDArray[np.int64]:
    """Both kinds draw two digits and an intensity."""
    source = digits.load(split)
    first, second = (source[i].astype(np.int64) for i in look.integers(0, len(source), 2))
    intensity = int(look.integers(64, 256, 1)[0])
    if shape is Shape.DIGIT:
        return (first * intensity * 2 + 255) // 510
    edges = [(28 * i // 18, math.ceil(28 * (i + 1) / 18)) for i in range(18)]
    lower, upper = (
        np.array([[image[a:b, c:d].max() for c, d in edges] for a, b in edges])
        for image in (first, second)
    )
    image = np.zeros((28, 28), np.int64)
    image[:18, :18] = np.where(4 * lower > lower.max(), lower, 0)
    image[10:, 10:] = np.where(4 * upper > upper.max(), upper, image[10:, 10:])
    return image


def resized(image: NDArray[np.int64], side: int) -> NDArray[np.int64]:
    """Gather the four pixels around each centre; all is counted in 1 / (2 * side) of a pixel."""
    unit = 2 * side
    centre = np.clip((2 * np.arange(side) + 1) * 28 - side, 0, 27 * unit)
    before, share = centre // unit, centre % unit
    after = np.minimum(before + 1, 27)
    across = image[:, before] * (unit - share) + image[:, after] * share
    both = across[before] * (unit - share)[:, None] + across[after] * share[:, None]
    return (2 * both + unit**2) // (2 * unit**2)


def placed(sprite: NDArray[np.int64], top: int, left: int) -> Layer:
    """Put a sprite on an empty canvas; at or below a quarter of its maximum it is transparent."""
    value = np.zeros((100, 100), np.int64)
    opaque = np.zeros((100, 100), bool)
    side = len(sprite)
    value[top : top + side, left : left + side] = sprite
    opaque[top : top + side, left : left + side] = 4 * sprite > sprite.max()
    return Layer(value, opaque)


def layer(window: NDArray[np.int64]) -> Layer:
    return Layer(window, window > 0)


def tight(opaque: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(opaque)
    x, y = columns.min(), rows.min()
    return int(x), int(y), int(columns.max() - x + 1), int(rows.max() - y + 1)


@dataclass(frozen=True)
class Both:
    """A sequence as it is made, and what it should be."""

    made: Video
    plain: list[PlainFrame]


@pytest.fixture(
    scope="module",
    params=[(name, index) for name in SETS for index in SEQUENCES],
    ids=lambda param: f"{param[0]}-{param[1]}",
)
def both(request: pytest.FixtureRequest) -> Both:
    name, index = request.param
    return Both(dataset(name).sequence(index), plain(registry.datasets().get(name), index))


def test_frames_are_the_bytes_of_the_plain_renderer(both: Both) -> None:
    frames = both.made.frames
    assert frames.shape == (LENGTH, 100, 100)
    assert frames.dtype == np.uint8
    for t, expected in enumerate(both.plain):
        assert np.array_equal(frames[t], expected.image), f"frame {t}"


def test_boxes_are_tight_on_the_opaque_pixels_of_the_upper_object(both: Both) -> None:
    assert both.made.boxes.dtype == np.float64
    expected = [tight(frame.objects[-1].opaque) for frame in both.plain]
    assert both.made.boxes.tolist() == [list(box) for box in expected]


def test_visibility_is_the_share_of_opaque_pixels_in_front_of_everything(both: Both) -> None:
    expected = []
    for frame in both.plain:
        target = frame.objects[-1].opaque
        expected.append((target & ~frame.front.opaque).sum() / target.sum())
    assert both.made.attributes["visibility"].tolist() == expected


def test_scale_and_bounce_are_those_of_the_target(both: Both) -> None:
    attributes, frames = both.made.attributes, both.plain
    assert attributes["scale"].tolist() == [f.sides[-1] / frames[0].sides[-1] for f in frames]
    assert attributes["bounce"].tolist() == [f.bounce[-1] for f in frames]


def test_speed_is_what_the_centre_of_the_box_moved(both: Both) -> None:
    speed = both.made.attributes["speed"]
    assert math.isnan(speed[0])
    moved = [math.dist(a, b) for a, b in pairwise(centre(f.objects[-1]) for f in both.plain)]
    assert speed[1:].tolist() == pytest.approx(moved, rel=1e-15, abs=0)


def test_the_distractor_is_the_nearest_other_object(both: Both) -> None:
    check_distractor(both)


def test_of_several_distractors_the_nearest_counts_for_both_attributes() -> None:
    spec = registry.datasets().get("mnist-multi-same")
    three = replace(spec, id="three-v1", generator=replace(spec.generator, objects=3))
    assert check_distractor(Both(MovingMnist(three).sequence(0), plain(three, 0))) == {0, 1}


def check_distractor(both: Both) -> set[int]:
    """Return which of the others were nearest in some frame."""
    found = set()
    iou, distance = (both.made.attributes[f"distractor_{what}"] for what in ("iou", "distance"))
    for t, frame in enumerate(both.plain):
        *others, target = frame.objects
        if not others:
            assert np.isnan([iou[t], distance[t]]).all()
            continue
        away = [math.dist(centre(other), centre(target)) for other in others]
        nearest = away.index(min(away))
        found.add(nearest)
        a, b = filled(tight(others[nearest].opaque)), filled(tight(target.opaque))
        assert iou[t] == (a & b).sum() / (a | b).sum()
        assert distance[t] == pytest.approx(min(away), rel=1e-15, abs=0)
    return found


def centre(thing: Layer) -> tuple[float, float]:
    x, y, w, h = tight(thing.opaque)
    return x + w / 2, y + h / 2


def filled(box: tuple[int, int, int, int]) -> NDArray[np.bool_]:
    mask = np.zeros((100, 100), bool)
    x, y, w, h = box
    mask[y : y + h, x : x + w] = True
    return mask


def test_the_compared_sequences_hold_what_makes_tracking_hard() -> None:
    """Else the comparisons above would say little; and no target is ever hidden whole."""
    attributes = [dataset(name).sequence(i).attributes for name in SETS for i in SEQUENCES]

    def all_of(attribute: str) -> NDArray[np.float64]:
        return np.concatenate([a[attribute] for a in attributes]).astype(np.float64)

    assert 0.0 < np.nanmin(all_of("visibility")) < 0.8
    assert np.nanmin(all_of("distractor_iou")) == 0.0
    assert np.nanmax(all_of("distractor_iou")) > 0.5
    assert all_of("bounce").any()
    assert np.ptp(all_of("scale")) > 0.8


def digest(sequence: Video) -> str:
    content = hashlib.sha256(sequence.frames.tobytes() + sequence.boxes.tobytes())
    for name, values in sorted(sequence.attributes.items()):
        content.update(name.encode() + values.tobytes())
    return content.hexdigest()


@pytest.mark.parametrize("name", SETS)
def test_a_sequence_is_the_same_alone_in_any_order_and_after_others(name: str) -> None:
    alone = {}
    for index in (3, 0, 7, 499):
        clutter.clutter_image.cache_clear()
        alone[index] = digest(dataset(name).sequence(index))
    assert len(set(alone.values())) == len(alone)
    one = dataset(name)
    assert {i: digest(one.sequence(i)) for i in (499, 7, 3, 0)} == alone
    assert {i: digest(one.sequence(i)) for i in (0, 3, 7, 499)} == alone


def test_a_sequence_is_the_same_in_another_process() -> None:
    program = """
import hashlib, json, sys
from trackbench.plugins import registry
made = {}
for name in json.loads(sys.argv[1]):
    sequence = registry.build_dataset(registry.datasets().get(name)).sequence(137)
    made[name] = hashlib.sha256(sequence.frames.tobytes() + sequence.boxes.tobytes()).hexdigest()
print(json.dumps(made))
"""
    # Another seed of Python's string hashing: nothing may depend on the order of a set.
    child = subprocess.run(
        [sys.executable, "-c", program, json.dumps(SETS)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "4711"},
    )
    here = {}
    for name in SETS:
        sequence = dataset(name).sequence(137)
        content = sequence.frames.tobytes() + sequence.boxes.tobytes()
        here[name] = hashlib.sha256(content).hexdigest()
    assert json.loads(child.stdout) == here


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("length", [1, 2, 20, 159])
def test_a_shorter_sequence_is_a_prefix_of_the_whole(name: str, length: int) -> None:
    whole, short = dataset(name).sequence(2), dataset(name).sequence(2, length)
    assert len(short) == length
    assert np.array_equal(short.frames, whole.frames[:length])
    assert np.array_equal(short.boxes, whole.boxes[:length])
    assert short.attributes.keys() == whole.attributes.keys()
    for attribute, values in short.attributes.items():
        assert np.array_equal(
            values, whole.attributes[attribute][:length], equal_nan=attribute != "bounce"
        )


def test_writing_to_a_sequence_changes_no_other() -> None:
    one = dataset(SETS[0])
    before = digest(one.sequence(0))
    spoiled = one.sequence(0)
    spoiled.frames[:] = 0
    spoiled.boxes[:] = 0
    assert digest(one.sequence(0)) == before


def test_frames_are_their_own_memory_in_c_order() -> None:
    """Not a view that keeps a larger array alive."""
    frames = dataset(SETS[0]).sequence(0).frames
    assert frames.flags.c_contiguous
    assert frames.base is None


@pytest.mark.parametrize("index", [-1, 500, 2**40])
def test_a_sequence_that_does_not_exist_is_an_index_error(index: int) -> None:
    message = f"mnist-single-same-v1 has no sequence {index}: 0..499"
    with pytest.raises(IndexError, match=f"^{message}$"):
        dataset(SETS[0]).sequence(index)


@pytest.mark.parametrize("length", [-1, 0, 161])
def test_a_length_that_does_not_exist_is_a_value_error(length: int) -> None:
    message = f"mnist-single-same-v1: length {length} is not in 1..160"
    with pytest.raises(ValueError, match=f"^{message}$"):
        dataset(SETS[0]).sequence(0, length)


def test_parameters_of_another_kind_are_a_type_error() -> None:
    spec = replace(registry.datasets().get(SETS[0]), generator=ClutterParameters())
    with pytest.raises(TypeError, match="generator must be MovingMnistParameters"):
        MovingMnist(spec)


def test_the_published_parameters_are_those_of_the_paper() -> None:
    p = MovingMnistParameters(digits=Digits.TEST, shape=Shape.DIGIT, objects=1)
    assert (p.canvas, p.smallest, p.intensity) == (100, 8, (64, 255))
    assert (p.step, p.acceleration, p.scale) == (0.1, 0.1, 0.1)
