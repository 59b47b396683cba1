"""Amounts are read at a glance, whatever their size."""

from __future__ import annotations

import pytest

from trackbench.printing.amounts import frame_rate, frame_rate_number


@pytest.mark.parametrize(
    ("fps", "shown"),
    [(float("nan"), "–"), (0.4231, "0.42"), (2.13, "2.1"), (480.4, "480"), (51234.4, "51,234")],
)
def test_a_frame_rate_has_no_more_digits_than_needed(fps: float, shown: str) -> None:
    assert frame_rate_number(fps) == shown
    assert frame_rate(fps) == f"{shown} frames/s"


@pytest.mark.parametrize(
    ("fps", "shown"),
    [(2.1349, "2.135"), (480.44, "480.4"), (9999.4, "9,999"), (9999.7, "10,000"), (51e3, "51,000")],
)
def test_digits_that_are_asked_for_are_never_an_exponent(fps: float, shown: str) -> None:
    assert frame_rate(fps, digits=4) == f"{shown} frames/s"
