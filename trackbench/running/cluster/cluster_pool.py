"""The parent's side of a cluster: what is done here first, and what its workers do then."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from typing import Any

from trackbench.running.cluster.address import Cluster
from trackbench.running.cluster.checks import Checks
from trackbench.running.cluster.connection import connected
from trackbench.running.cluster.dispatch import Dispatch, Means
from trackbench.running.cluster.flights import Flights
from trackbench.running.cluster.luggage import ids_with_files, manifest_of
from trackbench.running.cluster.manifest import Manifest
from trackbench.running.cluster.news import NewsFeed
from trackbench.running.cluster.parcel import Parcel, Reply
from trackbench.running.cluster.reply_answers import ReplyAnswers
from trackbench.running.cluster.task import carry_out
from trackbench.running.cluster.tasks import Tasks
from trackbench.running.cluster.workers import Workers
from trackbench.running.execution import Execution, Listeners
from trackbench.running.messages import Answer, Brought, Order, Task
from trackbench.running.pool import Pool
from trackbench.running.progress import AtWork

_HERE = frozenset({Task.DESCRIBE, Task.WARM, Task.TRY})
"""What is done on the parent's machine first: what it finds is what workers are held to."""


@contextmanager
def cluster_pool(
    cluster: Cluster, work: Execution, here: Pool, listeners: Listeners
) -> Iterator[ClusterPool]:
    """Have a cluster's workers for a run.

    Args:
        cluster: which.
        work: what is run.
        here: makers of this machine, for what comes first.
        listeners: are called while it goes on.

    Raises:
        TrackbenchError: there is no such cluster, or its workers are not fit for this run.
    """
    with connected(cluster) as client:
        if cluster.dashboard:
            listeners.tell(f"the scheduler's page: {client.dashboard_link}")
        pool = ClusterPool(
            client,
            cluster,
            here,
            ReplyAnswers(here, ids_with_files(work.plan)),
            partial(manifest_of, work.plan, work.versions, allow_mixed=cluster.allow_mixed),
            listeners.output,
            work.announcer.tell,
        )
        with pool.ending():
            pool.check_workers()
            yield pool


class ClusterPool:
    """Carries out orders on a cluster's workers."""

    def __init__(
        self,
        client: Any,
        cluster: Cluster,
        here: Pool,
        answers: ReplyAnswers,
        manifest: Callable[[tuple[Brought, ...]], Manifest],
        show_output: Callable[[str, bytes], None] | None,
        tell: Callable[[str | None], None],
        carry_out: Callable[[Parcel], Reply] = carry_out,
    ) -> None:
        """Begin with nothing under way.

        Args:
            client: a ``distributed.Client``.
            cluster: how it is used.
            here: makers of this machine.
            answers: reads what workers return.
            manifest: of the data sets that every order brings, returns what workers are brought,
                as it is now.
            show_output: called with what trackers print: (tracker's id, bytes).
            tell: called with a line that a user should know.
            carry_out: what a worker calls.
        """
        self._cluster, self._here, self._tell = cluster, here, tell
        self.progress: Callable[[], None] = lambda: None
        self.begun: Callable[[Order], None] = lambda _: None
        self._manifest = manifest
        self._checks = Checks(allow_mixed=cluster.allow_mixed)
        self._workers = Workers(client, cluster)
        self._flights = Flights(self._workers.name)
        run = secrets.token_hex(8)
        self._means = Means(
            run=run,
            cluster=cluster.name,
            tasks=Tasks(client, carry_out, cluster.resources),
            flights=self._flights,
            workers=self._workers,
            checks=self._checks,
            answers=answers,
            news=NewsFeed(client, run),
            show_output=show_output,
            tell=tell,
            begun=lambda order: self.begun(order),  # noqa: PLW0108 - set later
            progress=lambda: self.progress(),  # noqa: PLW0108 - set later
        )

    @property
    def processes(self) -> int:
        """How many units the workers can be at side by side; 0: there is none yet."""
        return self._workers.places()

    @property
    def workers(self) -> tuple[AtWork, ...]:
        """What each worker has done, and is at."""
        return self._flights.workers

    @property
    def under_way(self) -> dict[Order, int]:
        """The orders that workers are at, with the frames of each that are tracked."""
        return self._flights.under_way

    def check_workers(self) -> None:
        """Make sure that the workers there are can be used.

        Raises:
            TrackbenchError: they cannot.
        """
        for line in self._workers.check():
            self._tell(line)
        self._workers.check_resources()
        if not self._workers.places():
            self._tell(f"{self._cluster.name} has no workers yet: the run waits for some")

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Cancel what is under way when this is left, and have workers keep nothing."""
        try:
            yield
        finally:
            with suppress(Exception):  # the scheduler may be gone
                self._cancel()
                self._means.news.close()
            if self._means.tasks.is_connected:
                self._workers.end_makers()

    def work(self, orders: Iterable[Order]) -> Iterator[tuple[Order, Answer]]:
        """Yield each order with its answer as it is ready, in any order.

        Raises:
            RefusedError: a data set or a tracker cannot be made.
            TrackbenchError: the scheduler has gone, or a worker is not fit.
        """
        source = iter(orders)
        first = next(source, None)
        if first is None:
            return
        everything = chain([first], source)
        if first.task in _HERE and not (first.task is Task.TRY and self._cluster.resources):
            for order, answer in self._here.work(everything):
                self._checks.note(order, answer)
                yield order, answer
            return
        try:
            yield from Dispatch(self._means, self._manifest(first.brought), everything).answers()
        finally:
            self._cancel()

    def _cancel(self) -> None:
        """Give up what is under way."""
        flights = list(self._flights)
        self._flights.clear()
        self._means.tasks.cancel(flights)
