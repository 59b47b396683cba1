"""Confidence intervals: they hold as often as they say, and have no surprises at the edges."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from trackbench.statistics.bootstrap import RESAMPLES, SEED, mean_interval

CASES, SEQUENCES = 2_000, 100
Values = NDArray[np.float64]


def followed_or_lost(rng: np.random.Generator, shape: tuple[int, ...]) -> Values:
    """As KCF minus static: half of the targets are lost by both. Two humps, skewness 0.3."""
    followed = rng.random(shape) < 0.5
    return np.where(followed, rng.beta(8, 10, shape), rng.normal(0, 0.02, shape))


def nearly_always_better(rng: np.random.Generator, shape: tuple[int, ...]) -> Values:
    """As NCC minus static: better by 0.7 but for one in twenty. Skewness -2.4."""
    lost = rng.random(shape) < 0.05
    return np.where(lost, rng.normal(0, 0.1, shape), rng.normal(0.69, 0.1, shape))


def mostly_equal(rng: np.random.Generator, shape: tuple[int, ...]) -> Values:
    """As MOSSE minus static: two thirds are exactly 0, one in eight is large. Skewness 2.7."""
    large = rng.random(shape) < 0.35
    moved = np.where(large, rng.beta(6, 6, shape), rng.normal(0, 0.01, shape))
    return np.where(rng.random(shape) < 0.34, moved, 0.0)


@pytest.mark.parametrize(
    ("draw", "mean"),
    [
        (followed_or_lost, 0.5 * 8 / 18),
        (nearly_always_better, 0.95 * 0.69),
        (mostly_equal, 0.34 * 0.35 * 0.5),
    ],
)
def test_95_percent_intervals_hold_in_93_to_97_percent_of_2000_cases(
    draw: Callable[[np.random.Generator, tuple[int, ...]], Values], mean: float
) -> None:
    differences = draw(np.random.default_rng(20), (CASES, SEQUENCES))
    low, high = mean_interval(differences)
    held = ((low <= mean) & (mean <= high)).mean()
    assert 0.93 <= held <= 0.97
    # Neither side takes all the misses, which is what the skewness correction is for.
    assert (mean < low).mean() < 0.045
    assert (mean > high).mean() < 0.045


@pytest.mark.parametrize("draw", [followed_or_lost, nearly_always_better, mostly_equal])
@pytest.mark.parametrize(("sequences", "confidence"), [(30, 0.95), (400, 0.95), (400, 0.8)])
def test_it_is_scipys_bca_on_the_same_draws(
    draw: Callable[[np.random.Generator, tuple[int, ...]], Values],
    sequences: int,
    confidence: float,
) -> None:
    differences = draw(np.random.default_rng(21), (3, sequences))
    expected = stats.bootstrap(
        (differences,),
        np.mean,
        axis=-1,
        vectorized=True,
        confidence_level=confidence,
        n_resamples=RESAMPLES,
        method="BCa",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    found = mean_interval(differences, confidence)
    np.testing.assert_allclose(found, (expected.low, expected.high), rtol=0, atol=1e-12)


def test_scores_of_0_and_1_tie_with_their_mean_and_still_are_scipys() -> None:
    differences = np.random.default_rng(22).integers(-1, 2, (4, 25)).astype(float)
    expected = stats.bootstrap(
        (differences,),
        np.mean,
        axis=-1,
        n_resamples=RESAMPLES,
        method="BCa",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    np.testing.assert_allclose(
        mean_interval(differences), (expected.low, expected.high), rtol=0, atol=1e-12
    )


def test_its_cost_is_linear_in_the_sequences() -> None:
    """Linear in N: SciPy's own jackknife would take 100,000 x 99,999 numbers."""
    differences = np.random.default_rng(23).normal(0.1, 1, 100_000)
    low, high = mean_interval(differences, resamples=99)
    assert low < differences.mean() < high
    assert high - low == pytest.approx(2 * 1.96 / np.sqrt(100_000), rel=0.3)


def test_a_spread_of_the_last_bit_is_no_spread() -> None:
    differences = np.full((2, 30), 0.25)
    differences[0, 3] = np.nextafter(0.25, 1)
    differences[1, :15] = np.nextafter(0.25, 0)
    low, high = mean_interval(differences)
    assert low == pytest.approx([0.25, 0.25], rel=1e-15)
    assert high == pytest.approx([0.25, 0.25], rel=1e-15)


def test_it_is_the_same_every_time_and_for_rows_alone() -> None:
    differences = np.random.default_rng(1).normal(0.1, 1, (3, 40))
    low, high = mean_interval(differences)
    assert [low.tolist(), high.tolist()] == [end.tolist() for end in mean_interval(differences)]
    for row in range(3):
        alone = mean_interval(differences[row])
        # Not to the last bit: sums of another batch are taken in another order.
        assert [float(end) for end in alone] == pytest.approx([low[row], high[row]], rel=1e-12)


def test_more_confidence_is_wider_and_more_sequences_are_narrower() -> None:
    differences = np.random.default_rng(2).normal(0, 1, 400)
    widths = [
        float(high - low)
        for low, high in (
            mean_interval(differences[:100]),
            mean_interval(differences[:100], confidence=0.99),
            mean_interval(differences),
        )
    ]
    assert widths[2] < widths[0] < widths[1]
    assert widths[0] == pytest.approx(2 * 1.96 * differences[:100].std() / 10, rel=0.1)


def test_identical_trackers_have_an_interval_of_nothing_but_0() -> None:
    low, high = mean_interval(np.zeros((2, 30)))
    assert low.tolist() == high.tolist() == [0.0, 0.0]


def test_rows_without_spread_do_not_disturb_the_others() -> None:
    rng = np.random.default_rng(3)
    differences = np.stack([np.full(30, 0.25), rng.normal(0, 1, 30), np.zeros(30)])
    low, high = mean_interval(differences)
    assert (low[0], high[0], low[2], high[2]) == (0.25, 0.25, 0.0, 0.0)
    alone = [float(end) for end in mean_interval(differences[1])]
    assert [low[1], high[1]] == pytest.approx(alone, rel=1e-12)


def test_of_one_sequence_no_spread_is_known() -> None:
    low, high = mean_interval(np.array([[0.3], [0.0]]))
    assert np.isnan(low).all()
    assert np.isnan(high).all()


@pytest.mark.parametrize("sequences", [2, 3, 5, 8])
def test_few_sequences_give_an_interval_within_what_was_seen(sequences: int) -> None:
    differences = np.random.default_rng(4).normal(0, 1, (20, sequences))
    low, high = mean_interval(differences)
    assert (differences.min(axis=1) <= low + 1e-12).all()
    assert (low < high).all()
    assert (high <= differences.max(axis=1) + 1e-12).all()
