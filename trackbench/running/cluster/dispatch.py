"""Orders carried out by a cluster's workers: a few a worker at a time, and watched.

The scheduler says which worker does what. A task whose worker goes away is given to another by
Dask; here it is counted how often a unit's worker died while it was at it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from trackbench.errors import TrackbenchError, brief
from trackbench.results.parquet import sha256_of
from trackbench.running.cluster.checks import Checks
from trackbench.running.cluster.flight import Flight
from trackbench.running.cluster.flights import Flights
from trackbench.running.cluster.manifest import Manifest
from trackbench.running.cluster.news import Begun, Done, Lost, NewsFeed, Tracked
from trackbench.running.cluster.parcel import Parcel, Reply
from trackbench.running.cluster.reply_answers import ReplyAnswers
from trackbench.running.cluster.tasks import Tasks
from trackbench.running.cluster.workers import Workers
from trackbench.running.messages import Answer, Order

UNITS_A_WORKER = 2
"""Under way for each thread of a worker: one that is done, and one that follows at once."""
_LEAST_UNITS = 4
"""Under way where there is no worker yet: a cluster that grows by itself looks at what waits."""
_PROGRESS_SECONDS = 0.2


@dataclass(frozen=True)
class Means:
    """What orders are carried out with.

    Attributes:
        run: a name of this run, for what is heard of it.
        cluster: the cluster's name.
        tasks: those of Dask.
        flights: the orders under way.
        workers: who carries them out.
        checks: what a worker must find before.
        answers: reads what workers return.
        news: what workers tell meanwhile.
        show_output: is called with what trackers print: (tracker's id, bytes).
        tell: is called with a line that a user should know.
        begun: is called with an order that a worker begins with.
        progress: is called several times a second.
    """

    run: str
    cluster: str
    tasks: Tasks
    flights: Flights
    workers: Workers
    checks: Checks
    answers: ReplyAnswers
    news: NewsFeed
    show_output: Callable[[str, bytes], None] | None
    tell: Callable[[str | None], None]
    begun: Callable[[Order], None]
    progress: Callable[[], None]


class Dispatch:
    """Orders on their way to workers and back.

    Args:
        means: what they are carried out with.
        manifest: of what workers are brought for them.
        orders: which.
    """

    def __init__(self, means: Means, manifest: Manifest, orders: Iterator[Order]) -> None:
        self._means, self._manifest, self._orders = means, manifest, orders
        self._flights, self._workers, self._tasks = means.flights, means.workers, means.tasks
        self._name = sha256_of(manifest.packed())
        self._told_progress = 0.0

    def answers(self) -> Iterator[tuple[Order, Answer]]:
        """Yield each order with its answer as it is ready.

        Raises:
            RefusedError: a data set or a tracker cannot be made.
            TrackbenchError: the scheduler has gone, or a worker is not fit.
        """
        self._tasks.begin()
        while True:
            self._take_off()
            if not self._flights:
                self._means.progress()  # all of it, and not what was seen a moment before
                return
            for flight, reply in self._replies():
                if not self._is_fit(reply):
                    self._flights.to_resend.append(flight)
                    continue
                if reply.needs:
                    self._workers.bring(reply.worker, self._manifest)
                    self._send(flight)
                    continue
                worker = self._workers.name(reply.worker)
                answer = self._means.answers.answer_in(reply, flight.order, worker)
                self._flights.landed(flight)
                self._means.checks.note(flight.order, answer)
                self._take_off()  # so that the worker is at the next one while this is stored
                yield flight.order, answer
            self._say_progress()
            if not self._tasks.is_connected:
                raise self._gone()
            self._tasks.wait()

    def _take_off(self) -> None:
        """Send orders as long as workers have less than a few each; take no more than these."""
        for line in self._workers.check_now_and_then():
            self._means.tell(line)
        resent, self._flights.to_resend = self._flights.to_resend, []
        for flight in resent:
            self._send(flight)
        most = max(_LEAST_UNITS, UNITS_A_WORKER * self._workers.places())
        while self._flights.may_be_joined and len(self._flights) < most:
            order = next(self._orders, None)
            if order is None:
                break
            self._send(self._flights.add(order))
        alone = self._flights.next_alone()
        if alone is not None:
            self._send(alone)

    def _send(self, flight: Flight) -> None:
        # What every order brings is sent once, not with each: of many data sets it is much.
        order = self._manifest.without_brought(flight.sent)
        parcel = Parcel(
            self._means.run,
            flight.number,
            order.packed(),
            self._name,
            self._means.checks.of(order),
            self._means.show_output is not None,
        )
        self._tasks.send(flight, parcel)

    def _replies(self) -> Iterator[tuple[Flight, Reply]]:
        """Yield what has come back; what is to be sent again is noted as that.

        Raises:
            RefusedError: workers die over the making of a unit's videos.
        """
        batch = self._tasks.back()
        self._read_news()  # what was told before these: how long they took, what was printed
        for future, result in batch:
            flight = self._tasks.landed(future)
            if flight is None or flight not in self._flights:  # it was given up
                continue
            if isinstance(result, Reply):
                yield flight, result
            else:
                self._heed(flight, result[1] if isinstance(result, tuple) else result)
                self._flights.to_resend.append(flight)

    def _is_fit(self, reply: Reply) -> bool:
        """Whether an answer counts: a worker that came a moment ago has not been asked yet.

        Raises:
            TrackbenchError: it has another version of something.
        """
        if not self._workers.is_fit(reply.worker, reply.facts):
            for line in self._workers.check():
                self._means.tell(line)
        return self._workers.is_fit(reply.worker, reply.facts)  # not if it has gone meanwhile

    def _heed(self, flight: Flight, error: Any) -> None:
        """Return where a task that has failed is to be sent again.

        Raises:
            TrackbenchError: it cannot be carried out there, or the scheduler has gone.
        """
        kind = type(error).__name__
        if kind == "KilledWorker":  # by Dask's own count, which counts what only waited there, too
            return
        if not self._tasks.is_connected or "connection" in str(getattr(error, "reason", "")):
            raise self._gone()
        if "CancelledError" in kind:
            return
        at = f"worker {self._workers.name(flight.worker)}" if flight.worker else "a worker"
        what = flight.order.dataset or flight.order.tracker
        raise TrackbenchError(f"on {at}: {what} cannot be run there: {brief(error)}")

    def _read_news(self) -> None:
        """Take in what has been heard.

        Raises:
            RefusedError: workers die over the making of a unit's videos.
        """
        for news in self._means.news.read():
            if isinstance(news, Lost):
                for flight in self._flights.lost(news.worker):
                    self._tasks.give_up(flight)
                continue
            flight_of = self._flights.get(news.number)
            if flight_of is not None:
                self._note(flight_of, news)

    def _note(self, flight: Flight, news: Begun | Done | Tracked) -> None:
        match news:
            case Begun():
                flight.begin(news.worker)
                self._means.begun(flight.order)
            case Done():
                flight.end()
            case Tracked():
                flight.frames = news.frames
                if self._means.show_output is not None and news.printed:
                    self._means.show_output(flight.order.tracker, news.printed)

    def _say_progress(self) -> None:
        if time.monotonic() - self._told_progress >= _PROGRESS_SECONDS:
            self._told_progress = time.monotonic()
            self._means.progress()

    def _gone(self) -> TrackbenchError:
        return TrackbenchError(
            f"the scheduler of {self._means.cluster} has gone: what is finished is stored, and the "
            "same command goes on"
        )
