"""How many cases are tried, from which seed, and what came of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, seed, settings

ASKED = os.environ.get("TRACKBENCH_FUZZ")
"""``full``: all cases; a whole number N: one in N; None: as many as each file says."""
SEED = int(os.environ.get("TRACKBENCH_FUZZ_SEED", "1"))

TestT = TypeVar("TestT", bound=Callable[..., Any])


class Fuzzing:
    """What one file of tests tries.

    Attributes:
        share: of the cases of a full run, one in so many is tried.
        done, refused: name -> cases that were tried, and those that were refused.
    """

    def __init__(self, *, share: int) -> None:
        self.share = share if ASKED is None else 1 if ASKED == "full" else int(ASKED)
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def cases(self, count: int) -> Callable[[TestT], TestT]:
        """Try so many cases in a full run, and a share of them otherwise."""

        def decorated(test: TestT) -> TestT:
            limited = settings(
                max_examples=count // self.share,
                deadline=None,
                database=None,
                suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
            )
            return seed(SEED)(limited(test))

        return decorated

    def tell(self) -> None:
        """Print what was done, for docs/reliability.md."""
        for name, count in self.done.items():
            print(f"\n{name}: {count} cases, {self.refused[name]} refused, seed {SEED}", end="")  # noqa: T201
