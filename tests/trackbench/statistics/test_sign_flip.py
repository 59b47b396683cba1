"""The exact randomisation test, against every choice of signs; and a diagnosis of nothing."""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from trackbench.statistics.sign_flip import sign_flip_p, smallest_p_value

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))


@pytest.mark.parametrize("count", [1, 2, 5, 11])
def test_it_is_the_share_of_all_choices_of_signs(count: int) -> None:
    sizes = np.random.default_rng(count).uniform(0.1, 1, count)
    signs = np.array(list(product((-1, 1), repeat=count)))
    sums = np.abs(signs @ sizes)
    for row in signs[:: max(1, len(signs) // 40)]:
        assert sign_flip_p(row * sizes) == pytest.approx(
            (sums >= abs(row @ sizes) - 1e-9).mean(), abs=0.005
        )


def test_its_ends() -> None:
    assert sign_flip_p(np.zeros(5)) == 1.0
    assert sign_flip_p(np.array([0.3, 0.1, 0.2, 9.0])) == smallest_p_value(4) == 0.125
    assert sign_flip_p(np.array([0.0, 0.0, -0.5])) == 1.0
    alike = np.full(200, -0.01)
    assert sign_flip_p(alike) == pytest.approx(2.0**-199)


@pytest.mark.parametrize("count", [900, 1024, 9_000])
def test_many_that_are_alike_are_not_rounded_to_nothing(count: int) -> None:
    assert sign_flip_p(np.full(count, -0.1)) == smallest_p_value(count)
    half = np.where(np.arange(count) % 2, 0.1, -0.1)
    assert sign_flip_p(half) == pytest.approx(1.0)


@pytest.mark.thorough
def test_false_alarms_in_simulations() -> None:
    from diagnosis_simulation import false_alarms

    # Of 60 with a true rate of 1 in 100, more than 4 come less than once in 1,000 times.
    assert false_alarms(60, sequences=20, seed=5) <= 4
