"""How often the files of a data set are looked at while it is tracked.

A data set on disk may have a hundred thousand files and thousands of units. To look at all of them
after each unit would cost the square of that, so a look waits until twenty times as long has passed
as the last one took. What is stored between two looks is compared with the data again by the next
run where the files have changed since.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_TIMES = 20.0
"""So at most a twentieth of a run's time goes into looking."""

_QUICK_SECONDS = 0.02
"""A look that takes no longer is taken each time."""


class Looks:
    """When each data set was looked at, and how long that took.

    Args:
        now: a clock, in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._taken: dict[str, tuple[float, float]] = {}

    def is_due(self, name: str) -> bool:
        """Whether it is time to look at a data set again."""
        ended, seconds = self._taken.get(name, (0.0, 0.0))
        return seconds <= _QUICK_SECONDS or self._now() - ended >= _TIMES * seconds

    @contextmanager
    def taken(self, name: str) -> Iterator[None]:
        """Note how long it takes to look at a data set, which is done within."""
        begun = self._now()
        yield
        ended = self._now()
        self._taken[name] = ended, ended - begun
