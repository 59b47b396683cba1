"""Rankings that join what is not told apart."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from trackbench.statistics.ranking import friedman_p, joined, mean_ranks


def apart(count: int, pairs: set[tuple[int, int]]) -> np.ndarray:
    matrix = np.zeros((count, count), bool)
    for i, j in pairs:
        matrix[i, j] = matrix[j, i] = True
    return matrix


@pytest.mark.parametrize(
    ("pairs", "groups"),
    [
        (set(), [(0, 1, 2)]),
        ({(0, 1), (0, 2), (1, 2)}, [(0,), (1,), (2,)]),
        ({(0, 2)}, [(0, 1), (1, 2)]),
        ({(0, 1), (0, 2)}, [(0,), (1, 2)]),
        ({(0, 1)}, [(0, 2), (1, 2)]),
    ],
)
def test_three_trackers(pairs: set[tuple[int, int]], groups: list[tuple[int, ...]]) -> None:
    assert joined(apart(3, pairs)) == groups


pairs_of_six = st.sets(st.sampled_from(list(combinations(range(6), 2))))


@given(pairs_of_six)
def test_groups_are_exactly_the_largest_sets_without_a_pair_told_apart(
    pairs: set[tuple[int, int]],
) -> None:
    subsets = [set(s) for n in range(1, 7) for s in combinations(range(6), n)]
    allowed = [s for s in subsets if not any({i, j} <= s for i, j in pairs)]
    largest = [s for s in allowed if not any(s < other for other in allowed)]
    assert joined(apart(6, pairs)) == sorted(tuple(sorted(s)) for s in largest)


def test_friedman_is_scipys_and_ties_say_nothing() -> None:
    scores = np.random.default_rng(0).random((40, 4))
    assert friedman_p(scores) == stats.friedmanchisquare(*scores.T).pvalue
    assert friedman_p(np.full((9, 3), 0.5)) == 1.0
    assert friedman_p(np.random.default_rng(1).random((9, 1)).repeat(3, axis=1)) == 1.0


def test_the_best_score_has_rank_1_and_ties_share() -> None:
    assert mean_ranks(np.array([[0.9, 0.1, 0.1], [0.9, 0.5, 0.1]])).tolist() == [1.0, 2.25, 2.75]
