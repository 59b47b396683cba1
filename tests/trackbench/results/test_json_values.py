from __future__ import annotations

import math

import numpy as np
import pytest

from trackbench.results.json_values import number_or_null


@pytest.mark.parametrize("value", [0.0, -1.5, 3, np.float64(0.25)])
def test_a_number_stays_what_it_is(value: float) -> None:
    assert number_or_null(value) is value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float64("nan")])
def test_what_json_cannot_hold_is_null(value: float) -> None:
    assert number_or_null(value) is None
