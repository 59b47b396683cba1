"""What continuous integration leaves out of many cases of one kind, another commit runs."""

from __future__ import annotations

import pytest
from sampling import left_out, turn_of_commit

CASES = ["a.py::few[1]", "a.py::few[2]", "a.py::one", *(f"b.py::many[{n}-x[y]]" for n in range(7))]


@pytest.mark.parametrize("one_in", [1, 2, 3, 5])
def test_so_many_turns_run_all_and_each_has_its_share(one_in: int) -> None:
    run = [set(CASES) - left_out(CASES, one_in, turn) for turn in range(9, 9 + one_in)]
    assert set.union(*run) == set(CASES)
    many = [len([case for case in turn if "many" in case]) for turn in run]
    assert sum(many) == 7
    assert max(many) - min(many) <= 1
    assert all("a.py::one" in turn for turn in run)


def test_of_fewer_cases_than_turns_one_is_run_and_another_the_next_time() -> None:
    few = set(CASES[:2])
    first, second = (few - left_out(CASES, 5, turn) for turn in (1, 2))
    assert len(first) == len(second) == 1
    assert first | second == few


def test_a_commit_has_its_turn() -> None:
    assert turn_of_commit() >= 0
