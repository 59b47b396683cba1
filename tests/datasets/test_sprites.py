"""Sprites against exact fractions, plain loops and SciPy; and that no digit ever vanishes."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import ndimage

from trackbench.datasets import digits, sprites
from trackbench.datasets.digits import Digits
from trackbench.datasets.motion import sides

NATIVE = 28
levels = st.integers(0, 255)
noise = arrays(np.uint8, (NATIVE, NATIVE), elements=levels)
sparse = arrays(np.uint8, (NATIVE, NATIVE), elements=levels, fill=st.just(0))
images = (noise | sparse).filter(np.any)


def in_fractions(image: NDArray[np.uint8], side: int) -> NDArray[np.int64]:
    """Interpolate between the four pixels around each centre and round half up, in fractions.

    Everything is a fraction of 2 * side, so the numerators are all that is reckoned with.
    """
    whole = 2 * side
    places = []
    for i in range(side):
        centre = (i + Fraction(1, 2)) * NATIVE / side - Fraction(1, 2)
        centre = min(max(centre, Fraction(0)), Fraction(NATIVE - 1))
        beyond = (centre - math.floor(centre)) * whole
        assert beyond.denominator == 1
        places.append((math.floor(centre), min(math.floor(centre) + 1, NATIVE - 1), int(beyond)))
    source = image.tolist()
    out = np.empty((side, side), np.int64)
    for i, (above, below, down) in enumerate(places):
        for j, (before, after, right) in enumerate(places):
            upper = source[above][before] * (whole - right) + source[above][after] * right
            lower = source[below][before] * (whole - right) + source[below][after] * right
            total = upper * (whole - down) + lower * down
            out[i, j] = (2 * total + whole**2) // (2 * whole**2)
    return out


def without_a_quarter(image: NDArray[np.int64]) -> list[list[int]]:
    threshold = Fraction(int(image.max()), 4)
    return [[value if value > threshold else 0 for value in row] for row in image.tolist()]


@settings(max_examples=25, deadline=None)
@given(images, st.integers(8, 100))
def test_resample_is_bilinear_interpolation_in_exact_fractions(
    image: NDArray[np.uint8], side: int
) -> None:
    expected = in_fractions(image, side)
    if expected.any():
        assert sprites.resample(image, side).value.tolist() == without_a_quarter(expected)


@settings(max_examples=100, deadline=None)
@given(images, st.integers(8, 100))
def test_resample_is_scipys_linear_interpolation(image: NDArray[np.uint8], side: int) -> None:
    """Half-pixel centres, edges repeated; SciPy's floats may round a half either way."""
    centres = (np.arange(side) + 0.5) * NATIVE / side - 0.5
    grid = np.meshgrid(centres, centres, indexing="ij")
    smooth = ndimage.map_coordinates(image.astype(np.float64), grid, order=1, mode="nearest")
    low, high = np.floor(smooth + 0.5 - 1e-9), np.floor(smooth + 0.5 + 1e-9)
    if not low.any():
        return
    sprite = sprites.resample(image, side)
    seen = sprite.value > 0
    assert ((low <= sprite.value) & (sprite.value <= high))[seen].all()
    # What is transparent is at most a quarter of the brightest, one step of rounding allowed.
    assert (low[~seen] <= (high.max() + 1) / 4).all()


def test_at_its_native_size_a_digit_is_itself_without_what_is_transparent() -> None:
    image = digits.load(Digits.TEST)[0]
    value = sprites.resample(image, NATIVE).value
    assert value.tolist() == without_a_quarter(image.astype(np.int64))


@settings(deadline=None)
@given(images, st.integers(28, 100))
def test_a_sprite_says_what_is_opaque(image: NDArray[np.uint8], side: int) -> None:
    sprite = sprites.resample(image, side)
    assert sprite.value.shape == (side, side)
    assert sprite.value.dtype == np.uint8
    assert np.array_equal(sprite.opaque, sprite.value > 0)
    opaque = {(r, c) for r in range(side) for c in range(side) if sprite.value[r, c]}
    assert sprite.pixels == len(opaque)
    x, y, w, h = sprite.box
    assert (x, x + w - 1) == (min(c for _, c in opaque), max(c for _, c in opaque))
    assert (y, y + h - 1) == (min(r for r, _ in opaque), max(r for r, _ in opaque))


CHECKS = {
    "white": np.full((NATIVE, NATIVE), 255, np.uint8),
    "chequered": (np.indices((NATIVE, NATIVE)).sum(axis=0) % 2 * 255).astype(np.uint8),
    "noise": np.random.default_rng(0).integers(0, 256, (NATIVE, NATIVE)).astype(np.uint8),
}


@pytest.mark.parametrize("image", CHECKS.values(), ids=CHECKS)
@pytest.mark.parametrize("side", [8, 27, 97, 99, 100, 128])
def test_float32_holds_every_sum_exactly(image: NDArray[np.uint8], side: int) -> None:
    weights = sprites._weights(NATIVE, side)
    in_floats = weights @ image.astype(np.float32) @ weights.T
    whole = weights.astype(np.int64)
    assert np.array_equal(weights, whole)
    assert (whole.sum(axis=1) == 2 * side).all()
    in_integers = whole @ image.astype(np.int64) @ whole.T
    assert in_integers.max() < 2**24
    assert in_floats.dtype == np.float32
    assert np.array_equal(in_floats.astype(np.int64), in_integers)


def test_a_side_whose_sums_would_not_fit_float32_is_refused() -> None:
    white = CHECKS["white"]
    assert sprites.resample(white, 128).value.min() == 255
    with pytest.raises(ValueError, match="a side of 129 pixels is too large"):
        sprites.resample(white, 129)


def test_the_largest_side_that_can_be_drawn_is_the_canvas_and_fits() -> None:
    corners = np.zeros((2, 2), np.int64)
    largest = max(sides([2.0, 1.8], corners, NATIVE, 8, 100))
    assert largest == 100
    sprites.resample(CHECKS["white"], largest)


@given(images)
def test_cut_keeps_what_is_above_a_quarter_of_the_maximum(image: NDArray[np.uint8]) -> None:
    assert sprites.cut(image).tolist() == without_a_quarter(image.astype(np.int64))


def test_cut_of_nothing_is_nothing() -> None:
    nothing = np.zeros((NATIVE, NATIVE), np.uint8)
    assert not sprites.cut(nothing).any()


def test_dim_is_the_nearest_integer_for_every_value_and_intensity() -> None:
    values = np.arange(256, dtype=np.uint8)
    for intensity in range(256):
        # value * intensity / 255 is never halfway between integers: 255 is odd.
        nearest = [math.floor(Fraction(v * intensity, 255) + Fraction(1, 2)) for v in range(256)]
        assert sprites.dim(values, intensity).tolist() == nearest


# The rows (or columns) that pixel i of 18 touches when 18 pixels are stretched over 28.
TOUCHED = [
    [r for r in range(28) if r < Fraction(28 * (i + 1), 18) and r + 1 > Fraction(28 * i, 18)]
    for i in range(18)
]


def pooled(image: NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.array(
        [
            [max(int(image[r, c]) for r in rows for c in columns) for columns in TOUCHED]
            for rows in TOUCHED
        ]
    )


@settings(max_examples=20, deadline=None)
@given(images, images)
def test_a_pair_is_two_pooled_digits_the_second_over_the_first(
    first: NDArray[np.uint8], second: NDArray[np.uint8]
) -> None:
    lower, upper = (without_a_quarter(pooled(image)) for image in (first, second))
    sprite = sprites.pair(first, second)
    for r in range(NATIVE):
        for c in range(NATIVE):
            expected = lower[r][c] if r < 18 and c < 18 else 0
            if r >= 10 and c >= 10 and upper[r - 10][c - 10] > 0:
                expected = upper[r - 10][c - 10]
            assert sprite[r, c] == expected


def doubtful(images: NDArray[np.uint8], side: int) -> list[int]:
    """Return the (28, 28) images that may be too dark to be seen at a side.

    The source pixel that an output pixel's centre lies in weighs at least half of it along each
    axis. So where one of them is 16, or 4 at the darkest intensity, the output is at least 1.
    """
    within = [(2 * i + 1) * NATIVE // (2 * side) for i in range(side)]
    weights = sprites._weights(NATIVE, side)
    assert (weights[range(side), within] >= side).all()
    seen = images[:, within][:, :, within].max(axis=(1, 2))
    return np.nonzero(seen < 16)[0].tolist()


@pytest.mark.parametrize("side", range(8, 15))
@pytest.mark.parametrize("split", Digits)
def test_no_digit_vanishes_at_any_intensity(split: Digits, side: int) -> None:
    """The darkest is the worst: dim and resample never make a brighter image darker.

    What is brightest is opaque, so a digit vanishes only if all of it is rounded to 0.
    """
    source = digits.load(split)
    assert int(sprites.dim(np.array([16], np.uint8), 64)[0]) == 4
    for index in doubtful(source, side):
        assert sprites.resample(sprites.dim(source[index], 64), side).value.any()


@pytest.mark.parametrize("split", Digits)
def test_no_pair_vanishes(split: Digits) -> None:
    """A pair is nowhere darker than its second digit alone, so the second alone is the worst."""
    source = digits.load(split)
    seconds = sprites._max_pool(np.ascontiguousarray(source.transpose(1, 2, 0)))
    alone = np.zeros_like(source)
    alone[:, 10:, 10:] = (seconds * (seconds > seconds.max(axis=(0, 1)) // 4)).transpose(2, 0, 1)
    nothing = np.zeros((NATIVE, NATIVE), np.uint8)
    assert np.array_equal(alone[-1], sprites.pair(nothing, source[-1]))
    for side in range(8, 15):
        for index in doubtful(alone, side):
            assert sprites.resample(alone[index], side).value.any()


def test_nothing_vanishes_at_15_pixels_a_side_or_more() -> None:
    """A digit's brightest pixel alone, dimmed most, is rounded to 1 or more somewhere."""
    brightest = min(int(digits.load(split).max(axis=(1, 2)).min()) for split in Digits)
    darkest = int(sprites.dim(np.array([brightest], np.uint8), 64)[0])
    for side in range(15, 101):
        weight = int(sprites._weights(NATIVE, side).max(axis=0).min())
        assert darkest * Fraction(weight, 2 * side) ** 2 >= Fraction(1, 2)


def test_the_digit_nearest_to_vanishing_is_drawn_with_a_box() -> None:
    """Test digit 2786 at 8 pixels a side: a brightest level of 2 at the darkest intensity."""
    assert doubtful(digits.load(Digits.TEST), 8) == [2786]
    sprite = sprites.resample(sprites.dim(digits.load(Digits.TEST)[2786], 64), 8)
    assert sprite.value.max() == 2
    assert sprite.pixels >= 1
    assert min(sprite.box[2:]) >= 1
