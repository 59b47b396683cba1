"""What carries out orders: makers of this machine, or the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from trackbench.running.execution import Execution, Listeners
from trackbench.running.messages import Answer, Order
from trackbench.running.pool import Pool


class Executor(Protocol):
    """Carries out orders, several at a time, in any order.

    Attributes:
        progress: called several times a second with the number of frames tracked so far.
    """

    progress: Callable[[int], None]

    @property
    def under_way(self) -> dict[Order, int]:
        """The orders that are being carried out, with the frames of each that are tracked."""

    def work(self, orders: Iterable[Order]) -> Iterator[tuple[Order, Answer]]:
        """Yield each order with its answer as it is ready; orders are taken when they are due.

        Raises:
            TrackbenchError: one cannot be carried out.
        """


@contextmanager
def executor(work: Execution, listeners: Listeners) -> Iterator[Executor]:
    """Have what a run's settings ask for, until it is left.

    Raises:
        TrackbenchError: there is no such cluster, or it is not fit for this run.
    """
    cluster = work.settings.cluster
    with Pool(work.settings.jobs, show_output=listeners.output) as pool:
        if cluster is None:
            yield pool
            return
        from trackbench.running.cluster.cluster_pool import cluster_pool

        with cluster_pool(cluster, work, pool, listeners) as many:
            yield many
