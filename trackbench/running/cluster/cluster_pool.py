"""The parent's side of a cluster: orders become tasks, a few a worker at a time, and are watched.

The scheduler says which worker does what. A task whose worker goes away is given to another by
Dask; here it is counted how often a unit's worker died while it was at it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from typing import Any

from trackbench.errors import TrackbenchError, brief
from trackbench.results.parquet import sha256_of
from trackbench.running.cluster.address import Cluster
from trackbench.running.cluster.checks import Checks
from trackbench.running.cluster.connection import connected
from trackbench.running.cluster.flight import Flight
from trackbench.running.cluster.flights import Flights
from trackbench.running.cluster.luggage import manifest_of
from trackbench.running.cluster.manifest import Manifest
from trackbench.running.cluster.news import Begun, Done, Lost, NewsFeed, Tracked
from trackbench.running.cluster.parcel import Parcel, Reply
from trackbench.running.cluster.reply_answers import answer_in
from trackbench.running.cluster.task import carry_out
from trackbench.running.cluster.workers import Workers
from trackbench.running.execution import Execution, Listeners
from trackbench.running.messages import Answer, Brought, Order, Task
from trackbench.running.pool import Pool
from trackbench.running.progress import AtWork

POLL_SECONDS = 0.1
"""In which what workers say is read, if no unit is done before."""
UNITS_A_WORKER = 2
"""Under way for each thread of a worker: one that is done, and one that follows at once."""
_LEAST_UNITS = 4
"""Under way where there is no worker yet: a cluster that grows by itself looks at what waits."""
_PROGRESS_SECONDS = 0.2
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
            partial(manifest_of, work.plan, work.versions),
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
            manifest: of the data sets that every order brings, returns what workers are brought,
                as it is now.
            show_output: called with what trackers print: (tracker's id, bytes).
            tell: called with a line that a user should know.
            carry_out: what a worker calls.
        """
        self._client, self._cluster, self._here = client, cluster, here
        self._manifest, self._carry_out = manifest, carry_out
        self._show_output, self._tell = show_output, tell
        self.progress: Callable[[], None] = lambda: None
        self.begun: Callable[[Order], None] = lambda _: None
        self._run = secrets.token_hex(8)
        self._news = NewsFeed(client, self._run)
        self._workers = Workers(client, cluster)
        self._checks = Checks(allow_mixed=cluster.allow_mixed)
        self._flights = Flights(self._workers.name)
        self._of_task: dict[str, Flight] = {}
        self._told_progress = 0.0

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
                self._news.close()
            if self._is_connected():
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
            yield from self._on_workers(everything, first.brought)
        finally:
            self._cancel()

    def _on_workers(
        self, orders: Iterator[Order], brought: tuple[Brought, ...]
    ) -> Iterator[tuple[Order, Answer]]:
        from distributed import as_completed

        done: Any = as_completed(  # type: ignore[no-untyped-call]  # Dask's is not typed
            [], loop=self._client.loop, with_results=True, raise_errors=False
        )
        manifest = self._manifest(brought)
        name = sha256_of(manifest.packed())
        while True:
            self._take_off(orders, manifest, name, done)
            if not self._flights:
                self.progress()  # all of it, and not what was seen a moment before
                return
            for flight, reply in self._replies(done):
                if not self._is_fit(reply):
                    self._flights.to_resend.append(flight)
                    continue
                if reply.needs:
                    self._workers.bring(reply.worker, manifest)
                    self._send(flight, manifest, name, done)
                    continue
                answer = answer_in(reply)
                self._flights.landed(flight)
                self._checks.note(flight.order, answer)
                # so that the worker is at the next one while this is stored
                self._take_off(orders, manifest, name, done)
                yield flight.order, answer
            self._say_progress()
            if not self._is_connected():
                raise self._gone()
            _wait(done)

    def _is_fit(self, reply: Reply) -> bool:
        """Whether an answer counts: a worker that came a moment ago has not been asked yet.

        Raises:
            TrackbenchError: it has another version of something.
        """
        if not self._workers.is_fit(reply.worker, reply.facts):
            for line in self._workers.check():
                self._tell(line)
        return self._workers.is_fit(reply.worker, reply.facts)  # not if it has gone meanwhile

    def _replies(self, done: Any) -> Iterator[tuple[Flight, Reply]]:
        """Yield what has come back; what is to be sent again is noted as that.

        Raises:
            RefusedError: workers die over the making of a unit's videos.
        """
        batch = list(done.next_batch(block=False))
        self._read_news()  # what was told before these: how long they took, what was printed
        for future, result in batch:
            flight = self._of_task.pop(future.key, None)
            if flight is None or flight not in self._flights:  # it was given up
                continue
            flight.future = None
            if isinstance(result, Reply):
                yield flight, result
            else:
                self._heed(flight, result[1] if isinstance(result, tuple) else result)
                self._flights.to_resend.append(flight)

    def _heed(self, flight: Flight, error: Any) -> None:
        """Return where a task that has failed is to be sent again.

        Raises:
            TrackbenchError: it cannot be carried out there, or the scheduler has gone.
        """
        kind = type(error).__name__
        if kind == "KilledWorker":  # by Dask's own count, which counts what only waited there, too
            return
        if not self._is_connected() or "connection" in str(getattr(error, "reason", "")):
            raise self._gone()
        if "CancelledError" in kind:
            return
        at = f"worker {self._workers.name(flight.worker)}" if flight.worker else "a worker"
        what = flight.order.dataset or flight.order.tracker
        raise TrackbenchError(f"on {at}: {what} cannot be run there: {brief(error)}")

    def _take_off(self, orders: Iterator[Order], manifest: Manifest, name: str, done: Any) -> None:
        """Send orders as long as workers have less than a few each; take no more than these."""
        for line in self._workers.check_now_and_then():
            self._tell(line)
        resent, self._flights.to_resend = self._flights.to_resend, []
        for flight in resent:
            self._send(flight, manifest, name, done)
        most = max(_LEAST_UNITS, UNITS_A_WORKER * self._workers.places())
        while self._flights.may_be_joined and len(self._flights) < most:
            order = next(orders, None)
            if order is None:
                break
            self._send(self._flights.add(order), manifest, name, done)
        alone = self._flights.next_alone()
        if alone is not None:
            self._send(alone, manifest, name, done)

    def _send(self, flight: Flight, manifest: Manifest, name: str, done: Any) -> None:
        # What every order brings is sent once, not with each: of many data sets it is much.
        order = manifest.without_brought(flight.sent)
        parcel = Parcel(
            self._run,
            flight.number,
            order.packed(),
            name,
            self._checks.of(order),
            self._show_output is not None,
        )
        what = "-".join(filter(None, (order.tracker, order.dataset)))
        key = f"trackbench-{what}-{secrets.token_hex(8)}"
        self._of_task[key] = flight
        flight.future = self._client.submit(
            self._carry_out,
            parcel,
            key=key,
            pure=False,
            resources=dict(self._cluster.resources) or None,
        )
        done.add(flight.future)

    def _read_news(self) -> None:
        """Take in what has been heard.

        Raises:
            RefusedError: workers die over the making of a unit's videos.
        """
        for news in self._news.read():
            if isinstance(news, Lost):
                for flight in self._flights.lost(news.worker):
                    self._give_up(flight)
                continue
            flight_of = self._flights.get(news.number)
            if flight_of is not None:
                self._note(flight_of, news)

    def _note(self, flight: Flight, news: Begun | Done | Tracked) -> None:
        match news:
            case Begun():
                flight.begin(news.worker)
                self.begun(flight.order)
            case Done():
                flight.end()
            case Tracked():
                flight.frames = news.frames
                if self._show_output is not None and news.printed:
                    self._show_output(flight.order.tracker, news.printed)

    def _give_up(self, flight: Flight) -> None:
        """Have Dask forget a task; its order is sent again as another."""
        future, flight.future = flight.future, None
        if future is not None:
            self._of_task.pop(future.key, None)
            future.cancel(force=True)

    def _say_progress(self) -> None:
        if time.monotonic() - self._told_progress >= _PROGRESS_SECONDS:
            self._told_progress = time.monotonic()
            self.progress()

    def _cancel(self) -> None:
        """Give up what is under way."""
        futures = [flight.future for flight in self._flights if flight.future is not None]
        self._flights.clear()
        self._of_task.clear()
        if futures and self._is_connected():
            with suppress(Exception):  # the scheduler may go at this very moment
                self._client.cancel(futures, force=True)

    def _is_connected(self) -> bool:
        return str(self._client.status) == "running"

    def _gone(self) -> TrackbenchError:
        return TrackbenchError(
            f"the scheduler of {self._cluster.name} has gone: what is finished is stored, and the "
            "same command goes on"
        )


def _wait(done: Any) -> None:
    """Wait until something has come back, and not for long."""
    with done.thread_condition:  # what comes after this says so to who waits
        if done.queue.empty():
            done.thread_condition.wait(POLL_SECONDS)
