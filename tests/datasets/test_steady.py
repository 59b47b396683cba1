"""Walks that are alike at all times, and walls."""

import numpy as np
import pytest

from trackbench.datasets import steady
from trackbench.datasets.streams import Purpose, Stream


@pytest.mark.thorough
def test_a_mean_reverting_walk_has_variance_one_at_every_time_and_forgets() -> None:
    many = np.array(
        [steady.mean_reverting(Stream(3, Purpose.MOTION, i), 60)[:, 0] for i in range(3000)]
    )
    assert np.abs(many.mean(axis=0)).max() < 0.08
    assert np.abs(many.var(axis=0) - 1).max() < 0.12
    for gap in (1, 10, 40):
        correlation = (many[:, :-gap] * many[:, gap:]).mean()
        assert correlation == pytest.approx(0.95**gap, abs=0.05)


def test_a_path_is_the_sum_of_its_velocities_from_zero() -> None:
    velocity = np.array([[1.0, 2.0], [3.0, -1.0], [5.0, 5.0]])
    assert steady.travelled(velocity).tolist() == [[0, 0], [1, 2], [4, 1]]


def test_walls_turn_a_path_back_like_a_ball() -> None:
    way = np.arange(-25, 26)
    position, step, found = 5, -1, []
    for _ in range(51):  # from 25 before: 5 is where 25 before 0 is, between walls at 0 and 10
        found.append(position)
        if not 0 <= position + step <= 10:
            step = -step
        position += step
    assert steady.folded(way, 10).tolist() == found


def test_a_wall_was_hit_where_the_path_went_into_another_room() -> None:
    way = np.array([[5, 5], [9, 5], [11, 5], [12, -1], [-30, -2]])
    assert steady.walls_passed(way, 10).tolist() == [False, False, True, True, True]
