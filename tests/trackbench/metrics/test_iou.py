"""The closed form against masks that are really drawn."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from trackbench.metrics import mask_iou, valid

FRAME = (17, 23)

# Halves and whole numbers, where pixel centres and edges meet, and anything in between.
coordinate = st.one_of(
    st.integers(-60, 100).map(lambda n: n / 2), st.floats(-30, 50, allow_nan=False)
)
box = st.tuples(coordinate, coordinate, coordinate, coordinate)


def drawn_mask(given_box: tuple[float, ...]) -> NDArray[np.bool_]:
    """Draw the mask as Sec. 6.1 of the paper defines it: pixel by pixel."""
    x, y, w, h = given_box
    mask = np.zeros(FRAME, bool)
    if w > 0 and h > 0:
        for row in range(FRAME[0]):
            for column in range(FRAME[1]):
                inside_x = x <= column + 0.5 < x + w
                mask[row, column] = inside_x and y <= row + 0.5 < y + h
    return mask


@settings(max_examples=300)
@given(box, box)
@example((0, 0, 23, 17), (0.5, 0.5, 1, 1))
@example((-5, -5, 2, 2), (-5, -5, 2, 2))
def test_closed_form_equals_drawn_masks(a: tuple[float, ...], b: tuple[float, ...]) -> None:
    mask_a, mask_b = drawn_mask(a), drawn_mask(b)
    union = int((mask_a | mask_b).sum())
    usable = min(a[2], a[3], b[2], b[3]) > 0
    expected = int((mask_a & mask_b).sum()) / union if union and usable else 0.0
    assert mask_iou(a, b, FRAME) == expected


@given(box)
def test_a_box_against_itself_is_one_or_covers_no_pixel(a: tuple[float, ...]) -> None:
    assert mask_iou(a, a, FRAME) == (1.0 if drawn_mask(a).any() else 0.0)


@pytest.mark.parametrize(
    "bad",
    [
        (np.nan, 0, 5, 5),
        (0, np.inf, 5, 5),
        (0, 0, -np.inf, 5),
        (0, 0, 5, 0),
        (0, 0, -1, 5),
        (0, 0, 5, np.nan),
    ],
)
def test_an_invalid_box_scores_zero(bad: tuple[float, ...]) -> None:
    assert not valid(bad)
    assert mask_iou((0, 0, 5, 5), bad, FRAME) == 0
    assert mask_iou(bad, (0, 0, 5, 5), FRAME) == 0


def test_huge_boxes_are_clipped_and_do_not_overflow() -> None:
    whole = (-1e308, -1e308, np.finfo(float).max, np.finfo(float).max)
    assert mask_iou((0, 0, 23, 17), (0, 0, 1.7e308, 1.7e308), FRAME) == 1.0
    assert np.isfinite(mask_iou((0, 0, 23, 17), whole, FRAME))


def test_stacks_broadcast() -> None:
    truth = np.array([[0, 0, 4, 4], [2, 2, 4, 4]], float)
    assert mask_iou(truth, [0, 0, 4, 4], FRAME).tolist() == [1.0, 4 / 28]
    assert mask_iou(truth[None].repeat(3, 0), truth, FRAME).shape == (3, 2)
