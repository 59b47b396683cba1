"""What carries out orders: makers of this machine, or the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from trackbench.running.execution import Execution, Listeners
from trackbench.running.messages import Answer, Order
from trackbench.running.pool import Pool
from trackbench.running.progress import AtWork


class Executor(Protocol):
    """Carries out orders, several at a time, in any order.

    Attributes:
        progress: called several times a second while orders are carried out.
        begun: called when a process begins with an order, where that is not when it was taken.
    """

    progress: Callable[[], None]
    begun: Callable[[Order], None]

    @property
    def processes(self) -> int:
        """How many orders are carried out side by side, as far as is known now; 0: none yet."""

    @property
    def workers(self) -> tuple[AtWork, ...]:
        """The other processes by name that carry them out, and how far each is; none of ours."""

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
