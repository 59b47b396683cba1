"""Intervals of effects: no end nearer than BCa's or Student's, and held in simulations."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]  # it has no types

from trackbench.statistics.bootstrap import expanded_confidence, mean_interval
from trackbench.statistics.effect_interval import effect_interval, unseen_share

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))


def test_each_end_is_the_farther_of_bca_and_student() -> None:
    draw = np.random.default_rng(4)
    lost = np.where(draw.random((30, 20)) < 0.2, draw.random((30, 20)), 0)
    skewed = draw.normal(0, 0.01, (30, 20)) - lost
    low, high = effect_interval(skewed, farthest=1)
    bca = mean_interval(skewed, expanded_confidence(20))
    student = stats.t.interval(0.95, 19, loc=skewed.mean(axis=1), scale=stats.sem(skewed, axis=1))
    np.testing.assert_allclose(low, np.minimum(bca[0], student[0]), rtol=0, atol=1e-12)
    np.testing.assert_allclose(high, np.maximum(bca[1], student[1]), rtol=0, atol=1e-12)
    assert (bca[0] < student[0]).any()
    assert (bca[1] < student[1]).any()


def test_its_ends() -> None:
    low, high = effect_interval(np.array([[-0.9, 0.4], [0.3, 0.3]]), farthest=1)
    assert [low.tolist(), high.tolist()] == [[-1, 0.3], [1, 0.3]]
    low, high = effect_interval(np.full((1, 30), 0.1), farthest=1)
    assert (low[0], high[0]) == (0.1, 0.1)
    assert np.isnan(effect_interval(np.array([[0.2]]), farthest=1)).all()


@pytest.mark.parametrize("sequences", [1, 20, 200])
def test_what_is_unseen(sequences: int) -> None:
    assert (1 - unseen_share(sequences)) ** sequences == pytest.approx(0.05)


@pytest.mark.thorough
def test_intervals_hold_in_simulations() -> None:
    from diagnosis_simulation import coverages

    # Few sequences and losses both ways make it longer than it need be, never shorter.
    most = {20: 0.99, 40: 0.98, 100: 0.98, 200: 0.975}
    for found in coverages(2000, many=200_000):
        assert found.held + found.unseen >= 0.93, found
        assert found.held <= most[found.sequences], found
