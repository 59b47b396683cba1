"""Clutter images against a plain renderer that lays one patch after the other, pixel by pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from trackbench.datasets import clutter, digits
from trackbench.datasets.clutter import ClutterParameters
from trackbench.datasets.digits import Digits
from trackbench.datasets.streams import Purpose, Stream

parameters = st.builds(
    ClutterParameters,
    canvas=st.integers(12, 60),
    patches=st.integers(1, 40),
    patch_smallest=st.integers(1, 5),
    patch_largest=st.integers(5, 12),
    intensity=st.sampled_from([(64, 255), (0, 10), (255, 255)]),
)


def plain(parameters: ClutterParameters, source: Digits, seed: int, index: int) -> list[list[int]]:
    """Draw, for all patches each: side, digit, intensity; then the four coordinates."""
    stream = Stream(seed, Purpose.CLUTTER_IMAGE, index)
    images = digits.load(source)
    low, high = parameters.intensity
    count, canvas = parameters.patches, parameters.canvas
    side_of = stream.integers(parameters.patch_smallest, parameters.patch_largest + 1, count)
    digit_of = stream.integers(0, len(images), count)
    intensity_of = stream.integers(low, high + 1, count)
    tops, lefts, rows, columns = (stream.integers(0, 2**30, count) for _ in range(4))
    out = [[0] * canvas for _ in range(canvas)]
    for n in range(count):
        side, intensity = int(side_of[n]), int(intensity_of[n])
        # A draw of 2**30 levels, scaled to the places that a patch of this side can have.
        top, left = (int(draw[n]) * (28 - side + 1) // 2**30 for draw in (tops, lefts))
        row, column = (int(draw[n]) * (canvas - side + 1) // 2**30 for draw in (rows, columns))
        patch = [
            [(int(v) * intensity * 2 + 255) // 510 for v in line[left : left + side]]
            for line in images[digit_of[n]][top : top + side]
        ]
        brightest = max(max(line) for line in patch)
        for i in range(side):
            for j in range(side):
                if 4 * patch[i][j] > brightest:
                    out[row + i][column + j] = patch[i][j]
    return out


@settings(max_examples=30, deadline=None)
@given(parameters, st.integers(0, 2**64 - 1), st.integers(0, 2047))
def test_an_image_is_that_of_the_plain_renderer(
    parameters: ClutterParameters, seed: int, index: int
) -> None:
    image = clutter.clutter_image(parameters, Digits.VALIDATION, seed, index)
    assert image.dtype == np.uint8
    assert image.tolist() == plain(parameters, Digits.VALIDATION, seed, index)


@pytest.mark.parametrize("source", Digits)
def test_an_image_of_the_published_kind_is_that_of_the_plain_renderer(source: Digits) -> None:
    image = clutter.clutter_image(ClutterParameters(), source, 3, 5)
    assert image.shape == (200, 200)
    assert image.tolist() == plain(ClutterParameters(), source, 3, 5)


def test_the_published_parameters_are_those_of_the_paper() -> None:
    p = ClutterParameters()
    assert (p.canvas, p.patches, p.step) == (200, 80, 0.01)
    assert (p.patch_smallest, p.patch_largest, p.intensity) == (5, 9, (64, 255))


def test_one_patch_covers_at_most_a_square_of_its_side_and_may_touch_every_border() -> None:
    reached = {"top": False, "bottom": False, "left": False, "right": False}
    for index in range(300):
        p = ClutterParameters(canvas=20, patches=1)
        image = clutter.clutter_image(p, Digits.TEST, 0, index)
        rows, columns = np.nonzero(image)
        if len(rows):
            assert max(np.ptp(rows), np.ptp(columns)) < p.patch_largest
            reached["top"] |= bool(rows.min() == 0)
            reached["bottom"] |= bool(rows.max() == p.canvas - 1)
            reached["left"] |= bool(columns.min() == 0)
            reached["right"] |= bool(columns.max() == p.canvas - 1)
    assert all(reached.values())


def test_an_image_depends_on_its_seed_index_and_digits() -> None:
    p = ClutterParameters()
    made = [
        clutter.clutter_image(p, source, seed, index).tobytes()
        for source in Digits
        for seed in (1, 2)
        for index in (0, 1)
    ]
    assert len(set(made)) == len(made)


def test_an_image_cannot_be_written_to_because_it_is_shared() -> None:
    image = clutter.clutter_image(ClutterParameters(), Digits.TEST, 1, 0)
    with pytest.raises(ValueError, match="read-only"):
        image[0, 0] = 1


def test_an_image_made_again_is_the_same() -> None:
    image = clutter.clutter_image(ClutterParameters(), Digits.TEST, 1, 0)
    clutter.clutter_image.cache_clear()
    again = clutter.clutter_image(ClutterParameters(), Digits.TEST, 1, 0)
    assert again is not image
    assert np.array_equal(again, image)


def test_both_training_streams_pools_fit_the_cache() -> None:
    assert clutter.clutter_image.cache_info().maxsize == 2 * 2048


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=20))
def test_windows_are_slices_copied(corners: list[tuple[int, int]]) -> None:
    image = np.random.default_rng(0).integers(0, 256, (20, 20)).astype(np.uint8)
    before = image.copy()
    seen = clutter.windows(image, np.array(corners, np.int64), 11)
    expected: list[NDArray[np.uint8]] = [image[y : y + 11, x : x + 11] for y, x in corners]
    assert np.array_equal(seen, expected)
    assert seen.flags.c_contiguous
    seen[:] = 0
    assert np.array_equal(image, before)
