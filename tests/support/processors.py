"""Workers of pytest-xdist share the processors: a run has as many jobs as it may use of them.

Each job is two processes that import NumPy, and tests run as many at a time as there are workers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ALL = frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset()
"""That this process might use when it began; none where no process is bound to some."""


def take_a_share(worker: Any) -> None:
    """Bind a worker, and all that it starts, to processors that no other worker has.

    Args:
        worker: what pytest-xdist told it; None: there is only this process, which keeps all.
    """
    if worker is None or not ALL:
        return
    number = int(worker["workerid"].removeprefix("gw"))
    if own := sorted(ALL)[number :: worker["workercount"]]:
        os.sched_setaffinity(0, own)


@contextmanager
def every_processor() -> Iterator[None]:
    """Use all of them for a while, where it is their number that is tested."""
    if not ALL:
        yield
        return
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, ALL)
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)
