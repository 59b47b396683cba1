"""Quantiles of each row are NumPy's, to the last bit."""

import numpy as np
import pytest

from trackbench.statistics.row_quantiles import row_quantiles


@pytest.mark.parametrize("count", [1, 2, 3, 1_999])
def test_they_are_numpys(count: int) -> None:
    draw = np.random.default_rng(count)
    rows = np.round(draw.normal(size=(50, count)), 3) / 3  # some of them equal
    levels = np.column_stack([draw.random((50, 3)), np.zeros(50), np.ones(50), np.full(50, 0.5)])
    expected = [np.quantile(row, at) for row, at in zip(rows, levels, strict=True)]
    assert np.array_equal(row_quantiles(rows.copy(), levels), expected)


@pytest.mark.parametrize("level", [-0.1, 1.1, np.nan])
def test_no_level(level: float) -> None:
    with pytest.raises(ValueError, match="a quantile's level must be from 0 to 1"):
        row_quantiles(np.zeros((1, 5)), np.array([[0.5, level]]))
