"""A data set of many files is looked at seldom, one of few after each unit."""

from __future__ import annotations

import pytest

from trackbench.running.looks import Looks


def seconds_of_looking(units: int, each: float, look: float) -> float:
    """Return how long a run of so many units looks, if a unit and a look take so many seconds."""
    clock = [100.0]
    looks, spent = Looks(lambda: clock[0]), 0.0
    for _ in range(units):
        clock[0] += each
        if looks.is_due("data"):
            with looks.taken("data"):
                clock[0] += look
            spent += look
    return spent


def test_looking_costs_a_twentieth_of_a_run_whatever_a_look_costs() -> None:
    assert seconds_of_looking(2000, 1.0, 0.01) == pytest.approx(2000 * 0.01)
    for look in (0.5, 5.0, 50.0):
        assert look < seconds_of_looking(2000, 1.0, look) <= 2000 / 20 + look


def test_each_data_set_has_looks_of_its_own() -> None:
    clock = [0.0]
    looks = Looks(lambda: clock[0])
    with looks.taken("large"):
        clock[0] += 3.0
    assert not looks.is_due("large")
    assert looks.is_due("other")
    clock[0] += 60.0
    assert looks.is_due("large")
