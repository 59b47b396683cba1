"""IoU of real rectangles, against areas that are counted on a fine grid and against itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackbench.metrics import box_iou, mask_iou

quarter = st.integers(-40, 120).map(lambda n: n / 4)
size = st.integers(1, 80).map(lambda n: n / 4)
box = st.tuples(quarter, quarter, size, size)


@given(box, box)
def test_it_is_the_share_of_a_grid_of_quarter_pixels(
    a: tuple[float, ...], b: tuple[float, ...]
) -> None:
    # Every edge lies on the grid of quarters, so masks of quarters have the rectangles' areas.
    shift = np.array([20, 20, 0, 0])
    in_quarters = [(np.array(each) + shift) * 4 for each in (a, b)]
    assert box_iou(a, b) == pytest.approx(mask_iou(*in_quarters, frame=(400, 400)), abs=1e-12)


@given(box, box)
def test_it_is_symmetric_and_one_of_itself(a: tuple[float, ...], b: tuple[float, ...]) -> None:
    assert box_iou(a, b) == box_iou(b, a)
    assert box_iou(a, a) == 1.0


def test_it_differs_from_that_of_masks_in_fractions_and_outside_the_frame() -> None:
    assert box_iou((0, 0, 2, 1), (0.4, 0, 2, 1)) == pytest.approx(1.6 / 2.4)
    assert mask_iou((0, 0, 2, 1), (0.4, 0, 2, 1), (9, 9)) == 1.0
    assert box_iou((-8, 0, 10, 1), (0, 0, 10, 1)) == pytest.approx(2 / 18)
    assert mask_iou((-8, 0, 10, 1), (0, 0, 10, 1), (9, 20)) == pytest.approx(2 / 10)


@pytest.mark.parametrize(
    "bad",
    [(np.nan, 0, 5, 5), (0, np.inf, 5, 5), (0, 0, 5, 0), (0, 0, -5, -5), (0, 0, np.inf, np.inf)],
)
def test_an_invalid_box_scores_zero(bad: tuple[float, ...]) -> None:
    assert box_iou(bad, (0, 0, 5, 5)) == 0
    assert box_iou((0, 0, 5, 5), bad) == 0
    assert box_iou(bad, bad) == 0


@pytest.mark.parametrize("side", [1e155, 1e200, 1.7e308])
def test_a_box_without_bounds_scores_zero_and_warns_of_nothing(side: float) -> None:
    assert box_iou((0, 0, side, side), (0, 0, 5, 5)) == pytest.approx(0.0, abs=1e-300)
    assert box_iou((0, 0, 5, 5), (-side, -side, side, side)) == 0


def test_stacks_broadcast() -> None:
    truth = np.array([[0, 0, 4, 4], [2, 2, 4, 4]], float)
    assert box_iou(truth[None].repeat(3, 0), truth).shape == (3, 2)
    assert box_iou(truth, [0, 0, 4, 4]).tolist() == [1.0, 4 / 28]
