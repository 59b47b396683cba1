"""Two twins of ``mnist-factors`` differ in what their factor touches, and in nothing else."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from trackbench.datasets.mnist_factors.catalogue import LEVELS, MNIST_FACTORS
from trackbench.datasets.mnist_factors.dataset import MnistFactors
from trackbench.datasets.mnist_factors.parameters import MnistFactorsParameters
from trackbench.datasets.mnist_factors.rendering import Rendered, render

SEED = MNIST_FACTORS.datasets[0].seed
BASE = MnistFactorsParameters()
SEQUENCES = (0, 199)
LENGTH = 40
SAME_PATH = ("background", "occluders", "contrast", "others", "twins", "noise", "brightness")
"""Factors that leave the target's shape, size and place as they are."""


@cache
def made(index: int, factor: str = "speed", value: float = BASE.speed) -> Rendered:
    return render(replace(BASE, **{factor: value}), SEED, index, LENGTH)


def others_of(factor: str) -> list[float]:
    """The levels of a factor but for the base's."""
    values = next(each.values for each in LEVELS if each.field == factor)
    return [value for value in values if value != getattr(BASE, factor)]


def twins_of(*factors: str) -> pytest.MarkDecorator:
    chosen = [(f, value, i) for f in factors for value in others_of(f) for i in SEQUENCES]
    return pytest.mark.parametrize(("factor", "value", "index"), chosen)


@twins_of(*SAME_PATH)
def test_the_target_is_of_the_same_shape_at_the_same_place(
    factor: str, value: float, index: int
) -> None:
    twin, base = made(index, factor, value).target, made(index).target
    assert np.array_equal(twin.sprites.opaque, base.sprites.opaque)
    assert np.array_equal(twin.sprites.boxes(), base.sprites.boxes())
    assert np.array_equal(twin.size, base.size)
    assert np.array_equal(twin.bounce, base.bounce)


@twins_of("background")
def test_background_changes_nothing_that_moves_and_only_what_was_empty_or_gets_empty(
    factor: str, value: float, index: int
) -> None:
    twin, base = made(index, factor, value), made(index)
    changed = twin.frames != base.frames
    assert changed.any()
    assert not changed[base.visible].any()
    assert np.array_equal(twin.visible, base.visible)
    fewer = base if value > BASE.background else twin
    assert (fewer.frames[changed] == 0).all()


@twins_of("occluders")
def test_occluders_hide_more_where_there_are_more_and_change_nothing_elsewhere(
    factor: str, value: float, index: int
) -> None:
    twin, base = made(index, factor, value), made(index)
    more, fewer = (twin, base) if value > BASE.occluders else (base, twin)
    assert not (more.visible & ~fewer.visible).any()
    seen = more.visible
    assert np.array_equal(more.frames[seen], fewer.frames[seen])
    # What differs is hidden by what the one has more: it is opaque there, and is never black.
    assert (more.frames[more.frames != fewer.frames] > 0).all()


@twins_of("contrast")
def test_contrast_changes_the_target_s_visible_pixels_alone(
    factor: str, value: float, index: int
) -> None:
    twin, base = made(index, factor, value), made(index)
    changed = twin.frames != base.frames
    assert np.array_equal(twin.visible, base.visible)
    assert changed[base.visible].all()
    assert not changed[~base.visible].any()
    ratio = twin.frames[base.visible] / base.frames[base.visible]
    assert np.abs(ratio - value).max() < 0.03


@twins_of("others", "twins")
def test_other_digits_change_only_pixels_where_they_are(
    factor: str, value: float, index: int
) -> None:
    twin, base = made(index, factor, value), made(index)
    changed = twin.frames != base.frames
    assert not changed[~twin.others].any()
    assert np.array_equal(twin.visible, base.visible)
    assert len(twin.neighbours) == value
    assert len(twin.twins) == (value if factor == "twins" else 0)


@pytest.mark.parametrize("index", SEQUENCES)
@pytest.mark.parametrize("factor", ["others", "twins"])
def test_more_of_them_are_those_there_were_and_further_ones(factor: str, index: int) -> None:
    few, many = made(index, factor, 2).neighbours, made(index, factor, 4).neighbours
    for a, b in zip(few, many, strict=False):
        assert np.array_equal(a.sprites.value, b.sprites.value)
        assert np.array_equal(a.sprites.corners, b.sprites.corners)


@pytest.mark.parametrize("index", SEQUENCES)
def test_a_twin_looks_like_the_target_and_another_digit_does_not(index: int) -> None:
    for factor, alike in (("twins", True), ("others", False)):
        rendered = made(index, factor, 1)
        look, target = rendered.neighbours[0].sprites, rendered.target.sprites
        a, b = (each.value.sum(axis=(1, 2)).mean() for each in (look, target))
        assert bool(abs(a - b) < 0.01 * b) is alike  # parts of a pixel of shift change it little


@twins_of("noise")
def test_noise_is_added_alike_and_as_large_as_said(factor: str, value: float, index: int) -> None:
    twin, base = made(index, factor, value), made(index)
    middle = (base.frames >= 120) & (base.frames <= 136)  # where little is clipped
    noise = twin.frames[middle].astype(float) - base.frames[middle]
    assert len(noise) > 100
    if value <= 32:
        assert noise.std() == pytest.approx(value, rel=0.2)
        assert abs(noise.mean()) < value / 5
    double = made(index, factor, 2 * value).frames[middle].astype(float) - base.frames[middle]
    free = (twin.frames[middle] % 255 > 0) & (np.abs(noise) < 50)
    assert np.abs(double - 2 * noise)[free].max() <= 1.5


@twins_of("brightness")
def test_brightness_multiplies_whole_frames_by_the_gain_that_is_recorded(
    factor: str, value: float, index: int
) -> None:
    twin, base = made(index, factor, value), made(index)
    exact = base.frames * (twin.gains / 256)[:, None, None]
    assert np.abs(twin.frames - exact).max() <= 0.5
    assert twin.gains[0] == 256
    assert np.array_equal(twin.frames[0], base.frames[0])


@twins_of("speed", "scale", "rotation")
def test_what_moves_begins_alike_and_nothing_changes_but_where_the_target_is_or_was(
    factor: str, value: float, index: int
) -> None:
    twin, base = made(index, factor, value), made(index)
    assert np.array_equal(twin.frames[0], base.frames[0])
    changed = twin.frames != base.frames
    assert changed.any()
    assert not changed[~(twin.visible | base.visible)].any()


@pytest.mark.parametrize("index", SEQUENCES)
def test_a_faster_target_goes_the_same_way_farther(index: int) -> None:
    """At double speed it is after half the way where it would be at the end, walls included."""
    slow, fast = made(index, "speed", 1.0), made(index, "speed", 2.0)
    moved = [
        np.nanmean(np.abs(np.diff(each.target.sprites.boxes()[:, :2], axis=0)))
        for each in (slow, fast)
    ]
    assert moved[1] == pytest.approx(2 * moved[0], rel=0.25)
    free = ~(slow.target.bounce | fast.target.bounce).cumsum().astype(bool)
    corner = [each.target.sprites.boxes()[free, :2] for each in (slow, fast)]
    way = [each - each[0] for each in corner]
    assert np.abs(way[1] - 2 * way[0]).max() <= 3  # each box is rounded to whole pixels


@pytest.mark.parametrize("index", SEQUENCES)
@pytest.mark.parametrize("interval", others_of("interval"))
def test_an_interval_shows_every_such_frame_of_the_base(index: int, interval: int) -> None:
    base, twin = made(index), made(index, "interval", interval)
    shown = np.arange(0, LENGTH, interval)
    assert np.array_equal(twin.frames[: len(shown)], base.frames[shown])
    assert np.array_equal(twin.visible[: len(shown)], base.visible[shown])
    assert np.array_equal(
        twin.target.sprites.boxes()[: len(shown)], base.target.sprites.boxes()[shown]
    )


def test_an_interval_shows_every_such_frame_of_all_that_changes_with_time() -> None:
    everything = replace(
        BASE, noise=16.0, brightness=0.5, scale=1.5, rotation=2.0, others=1, twins=1
    )
    base = render(everything, SEED, 3, 9)
    twin = render(replace(everything, interval=4), SEED, 3, 3)
    assert np.array_equal(twin.frames, base.frames[[0, 4, 8]])


def test_every_factor_is_judged_above() -> None:
    judged = {*SAME_PATH, "speed", "scale", "rotation", "interval"}
    assert judged == {each.field for each in LEVELS}


@pytest.mark.parametrize("spec", MNIST_FACTORS.datasets[::6], ids=lambda spec: spec.id)
def test_a_sequence_is_the_same_alone_and_after_others_and_a_shorter_one_its_beginning(
    spec: object,
) -> None:
    first = MnistFactors(spec)
    whole = first.sequence(5, 24)
    first.sequence(6, 3)
    for again in (first.sequence(5, 11), MnistFactors(spec).sequence(5, 11)):
        assert np.array_equal(again.frames, whole.frames[:11])
        assert np.array_equal(again.boxes, whole.boxes[:11])
        for name, values in again.attributes.items():
            assert np.array_equal(values, whole.attributes[name][:11], equal_nan=True)
