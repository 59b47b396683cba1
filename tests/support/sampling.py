"""A share of the cases of each parametrised test, chosen by the commit.

For a machine that has not the time for all of them: ``TRACKBENCH_THOROUGH=4`` has it run a quarter
of the cases of every thorough test, and one of those that have fewer. The tests themselves are all
run.
"""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]


def left_out(cases: Iterable[str], one_in: int, turn: int) -> set[str]:
    """Return the cases that another turn runs.

    Args:
        cases: ids of tests, ``file::test[case]``; those without a case are never left out.
        one_in: so many turns run all of them; of a test with fewer cases, so many as it has.
        turn: which one this is.
    """
    of_test: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        test, bracket, _ = case.partition("[")
        if bracket:
            of_test[test].append(case)
    return {
        case
        for of_one in of_test.values()
        for turns in (min(one_in, len(of_one)),)
        for number, case in enumerate(of_one)
        if number % turns != turn % turns
    }


def turn_of_commit() -> int:
    """Return a number of the commit, as good as drawn; 0 where there is no repository.

    Not how many commits there are: where every second one is tested, half of the cases never were.
    """
    command = ["git", "rev-parse", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return int(done.stdout, 16) if done.returncode == 0 else 0
