"""The signed-rank test, its effect size, and the test for a loss."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from trackbench.statistics.loss_test import fewest_sequences, loss_p_value
from trackbench.statistics.signed_rank import rank_biserial, signed_rank_p


def test_signed_rank_of_a_small_sample_is_every_sign_tried() -> None:
    differences = np.array([0.5, -0.1, 0.3, 0.2, 0.7, -0.4, 0.6])
    ranks = stats.rankdata(np.abs(differences))
    statistic = abs((np.sign(differences) * ranks).sum())
    signs = itertools.product((-1, 1), repeat=len(ranks))
    as_extreme = [abs((np.array(sign) * ranks).sum()) >= statistic for sign in signs]
    assert signed_rank_p(differences) == pytest.approx(np.mean(as_extreme))


def test_signed_rank_drops_zeros_and_does_not_care_which_is_first() -> None:
    differences = np.random.default_rng(0).normal(0.2, 1, 80)
    padded = np.concatenate([differences, np.zeros(20)])
    assert signed_rank_p(padded) == signed_rank_p(differences) == signed_rank_p(-differences)


@pytest.mark.parametrize("sequences", [1, 2, 500])
def test_identical_trackers_are_not_told_apart(sequences: int) -> None:
    assert signed_rank_p(np.zeros(sequences)) == 1.0
    assert rank_biserial(np.zeros(sequences)) == 0.0


def test_one_sequence_shows_nothing() -> None:
    assert signed_rank_p(np.array([0.8])) == 1.0
    assert rank_biserial(np.array([0.8])) == 1.0
    assert rank_biserial(np.array([-0.8])) == -1.0


def test_the_effect_size_weighs_ranks() -> None:
    # Ranks of the absolute values: 1, 2, 3, 4; for the first tracker 4 + 2, against it 1 + 3.
    assert rank_biserial(np.array([0.9, -0.1, 0.2, -0.5, 0.0])) == pytest.approx(2 / 10)
    assert rank_biserial(np.array([0.1, 0.2, 0.9])) == 1.0


def test_loss_is_students_test_where_many_sequences_changed() -> None:
    differences = np.random.default_rng(1).normal(-0.02, 0.1, (3, 4, 200))
    expected = stats.ttest_1samp(differences, 0, axis=-1, alternative="less").pvalue
    np.testing.assert_allclose(loss_p_value(differences), expected, rtol=1e-9)


def test_an_unchanged_tracker_has_lost_nothing() -> None:
    assert loss_p_value(np.zeros((2, 500))).tolist() == [1.0, 1.0]
    assert loss_p_value(np.zeros((2, 1))).tolist() == [1.0, 1.0]


@given(st.integers(1, 40), st.floats(0.01, 1), st.integers(0, 60))
def test_no_p_value_is_smaller_than_that_of_all_on_one_side(
    changed: int, loss: float, unchanged: int
) -> None:
    differences = np.concatenate([np.full(changed, -loss), np.zeros(unchanged)])
    assert loss_p_value(differences) >= 0.5**changed
    assert loss_p_value(np.full(changed, -loss)) == pytest.approx(0.5**changed)


def test_a_gain_is_no_loss() -> None:
    gain = np.random.default_rng(2).normal(0.05, 0.1, 300)
    assert loss_p_value(gain) > 0.999
    assert loss_p_value(np.full(9, 0.1)) == 1.0
    assert loss_p_value(-gain) < 0.001


def test_losing_a_few_targets_moves_the_mean_and_not_the_ranks() -> None:
    """Why the check does not test ranks: 30 of 500 targets newly lost, the rest only jitters."""
    rng = np.random.default_rng(3)
    caught_by_mean = caught_by_ranks = 0
    for _ in range(200):
        differences = rng.normal(0, 0.01, 500)
        differences[:30] -= 0.5
        caught_by_mean += bool(loss_p_value(differences) < 0.01 / 16)
        caught_by_ranks += stats.wilcoxon(differences, alternative="less").pvalue < 0.01 / 16
    assert caught_by_mean == 200
    assert caught_by_ranks < 100


@pytest.mark.parametrize(("alpha", "sequences"), [(1.0, 0), (0.5, 1), (0.05, 5), (0.01, 7)])
def test_how_many_sequences_a_loss_needs(alpha: float, sequences: int) -> None:
    assert fewest_sequences(alpha) == sequences
    rng = np.random.default_rng(4)
    losses = -1 - rng.uniform(0, 1e-6, (1, max(sequences, 1)))
    assert (loss_p_value(losses) <= alpha).all()
    if sequences > 1:
        assert (loss_p_value(losses[:, 1:]) > alpha).all()
