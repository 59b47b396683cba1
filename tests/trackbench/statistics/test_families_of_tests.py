"""Adjusted p-values against the closed tests that they are shortcuts of, written out."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from trackbench.statistics.families import holm, hommel

Values = NDArray[np.float64]
p_value = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.01, 0.05, 1.0]))
p_values = st.lists(p_value, min_size=1, max_size=6).map(np.array)


def closed(p: Values, of_intersection: Callable[[Values], float]) -> list[float]:
    """Adjust by definition: the largest p-value of any set of hypotheses that holds the one."""
    subsets = [list(s) for n in range(1, len(p) + 1) for s in combinations(range(len(p)), n)]
    return [max(of_intersection(p[s]) for s in subsets if i in s) for i in range(len(p))]


def bonferroni(p: Values) -> float:
    return min(1.0, len(p) * float(p.min()))


def simes(p: Values) -> float:
    return float((len(p) * np.sort(p) / np.arange(1, len(p) + 1)).min())


@given(p_values)
def test_holm_is_the_closed_test_of_bonferroni(p: Values) -> None:
    np.testing.assert_allclose(holm(p), closed(p, bonferroni), rtol=1e-12)


@given(p_values)
def test_hommel_is_the_closed_test_of_simes(p: Values) -> None:
    np.testing.assert_allclose(hommel(p), closed(p, simes), rtol=1e-12)


@given(arrays(float, (3, 2, 5), elements=st.floats(0, 1)))
def test_families_in_a_stack_are_adjusted_one_by_one(p: Values) -> None:
    for adjust in (holm, hommel):
        each = [[adjust(family).tolist() for family in row] for row in p]
        assert adjust(p).tolist() == each


@given(p_values)
def test_hommel_rejects_all_that_holm_does_and_neither_less_than_no_family(p: Values) -> None:
    assert (hommel(p) <= holm(p) + 1e-15).all()
    assert (hommel(p) >= p).all()


def test_one_alone_is_left_as_it_is() -> None:
    assert holm(np.array([0.03])) == hommel(np.array([0.03])) == [0.03]


def test_a_worked_example() -> None:
    p = np.array([0.01, 0.04, 0.03, 0.005])
    assert holm(p) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert hommel(p) == pytest.approx([0.03, 0.04, 0.04, 0.02])
