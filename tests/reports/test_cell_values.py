import math

import pytest

from trackbench.reports.cell_values import DASH, NOTHING, Entry, Interval, with_best


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (Entry(0.376, 0.284), "0.38 ± 0.28"),
        (Entry(0.376), "0.38"),
        (Entry(float("nan")), "–"),
        (Entry(1.0, 0.0), "1.00 ± 0.00"),
        (Entry(0.006, signed=True), "+0.01"),
        (Entry(-0.126, signed=True), "-0.13"),
        (Entry(-0.004, signed=True), "+0.00"),
    ],
)
def test_an_entry_is_shown_with_two_decimals(entry: Entry, text: str) -> None:
    assert entry.text() == text


def test_an_entry_takes_the_signs_of_its_format() -> None:
    assert Entry(-0.5, 0.25, signed=True).text(plus_minus="+-", minus="−") == "−0.50+-0.25"


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (Interval(0.364, 0.406), "[0.36, 0.41]"),
        (Interval(-0.004, 0.1), "[0.00, 0.10]"),
        (Interval(math.nan, math.nan), DASH),
    ],
)
def test_an_interval_is_shown_with_both_ends(interval: Interval, text: str) -> None:
    assert interval.text() == text
    assert interval.there == (text != DASH)


def best(*means: float) -> list[bool]:
    return [entry.best for entry in with_best([Entry(mean, 0.1) for mean in means])]


def test_the_highest_is_the_best() -> None:
    assert best(0.3, 0.5, 0.4) == [False, True, False]


def test_those_that_read_the_same_are_best_alike() -> None:
    assert best(0.504, 0.496, 0.494) == [True, True, False]


def test_what_is_not_there_is_not_compared() -> None:
    assert best(math.nan, 0.2, 0.1) == [False, True, False]


def test_there_is_no_best_of_one() -> None:
    assert best(0.3) == [False]
    assert best(0.3, math.nan) == [False, False]
    assert with_best([NOTHING, NOTHING]) == [NOTHING, NOTHING]
