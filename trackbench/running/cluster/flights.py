"""The orders under way on a cluster, and what is heard of the workers that carry them out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from time import monotonic

from trackbench.running.cluster.casualties import Verdict
from trackbench.running.cluster.flight import Flight
from trackbench.running.maker_process import RefusedError
from trackbench.running.messages import Order, Refusal, Task
from trackbench.running.progress import AtWork


@dataclass
class _Sum:
    """What a worker has done so far: frames, and the seconds of its threads."""

    frames: int = 0
    seconds: float = 0.0


class Flights:
    """What is under way, what is to be sent again, and what must wait until it can be alone.

    Attributes:
        to_resend: to be sent again.
    """

    def __init__(self, name_of: Callable[[str], str]) -> None:
        """Begin with nothing.

        Args:
            name_of: returns what a worker with an address is called.
        """
        self._name_of = name_of
        self._flying: dict[int, Flight] = {}
        self._numbers = count()
        self._sums: dict[str, _Sum] = {}
        self._survived = 0
        self._to_go_alone: list[Flight] = []
        self._alone: Flight | None = None
        self.to_resend: list[Flight] = []

    def __len__(self) -> int:
        return len(self._flying)

    def __iter__(self) -> Iterator[Flight]:
        return iter(tuple(self._flying.values()))

    def __contains__(self, flight: Flight) -> bool:
        return flight.number in self._flying

    def get(self, number: int) -> Flight | None:
        """Return the flight of a number; None: it is no longer under way."""
        return self._flying.get(number)

    def add(self, order: Order) -> Flight:
        """Return an order's flight, which is to be sent."""
        flight = Flight(order, next(self._numbers), order)
        self._flying[flight.number] = flight
        return flight

    @property
    def may_be_joined(self) -> bool:
        """Whether further orders may be sent beside what is under way."""
        return self._alone is None

    def next_alone(self) -> Flight | None:
        """Return one that waits to go alone, if nothing else is under way; it is to be sent."""
        nothing_else = len(self._to_go_alone) == len(self._flying)
        if self._alone is None and self._to_go_alone and nothing_else:
            self._alone = self._to_go_alone.pop(0)
            return self._alone
        return None

    def landed(self, flight: Flight) -> None:
        """Take out one whose answer is there."""
        flight.end()
        if flight.order.task is Task.TRACK:
            done = self._sums.setdefault(flight.worker, _Sum())
            done.frames += flight.order.frames
            done.seconds += flight.seconds
        if flight.sent.spoiled is None:
            self._survived = max(self._survived, len(flight.casualties.died))
        if self._alone is flight:
            self._alone = None
        del self._flying[flight.number]

    def lost(self, worker: str) -> list[Flight]:
        """Note that a worker died; return what is to be given up, for it is sent otherwise now.

        Raises:
            RefusedError: workers die over the making of a unit's videos.
        """
        there = [flight for flight in self if flight.at == worker]
        given_up = []
        for flight in there:
            flight.end()
            flight.frames = 0
            verdict = flight.casualties.lost(
                self._name_of(worker), alone=len(there) == 1, survived=self._survived
            )
            if verdict is Verdict.AGAIN:  # Dask gives it to another worker by itself
                continue
            given_up.append(flight)
            if verdict is Verdict.ALONE:
                self._to_go_alone.append(flight)
                continue
            if flight.is_hopeless():
                what = flight.order.dataset or flight.order.tracker
                why = flight.casualties.why().message
                raise RefusedError(Refusal(f"{what} cannot be made: {why}", ""))
            flight.spoil()
            self.to_resend.append(flight)
        if self._alone in given_up and self._alone in self._to_go_alone:
            self._alone = None
        return given_up

    def clear(self) -> None:
        """Forget all of them."""
        self._flying.clear()
        self._to_go_alone.clear()
        self.to_resend.clear()
        self._alone = None

    @property
    def under_way(self) -> dict[Order, int]:
        """The orders that workers are at, with the frames of each that are tracked."""
        return {flight.order: flight.frames for flight in self if flight.at}

    @property
    def workers(self) -> tuple[AtWork, ...]:
        """What each worker has done, and is at; in the order of their names, 10 after 9."""
        sums = {at: _Sum(done.frames, done.seconds) for at, done in self._sums.items()}
        units: dict[str, int] = {}
        for flight in self:
            if flight.at:
                units[flight.at] = units.get(flight.at, 0) + 1
                done = sums.setdefault(flight.at, _Sum())
                done.frames += flight.frames
                done.seconds += monotonic() - flight.begun if flight.frames else 0.0
        at_work = [
            AtWork(self._name_of(at), done.frames, done.seconds, units.get(at, 0))
            for at, done in sums.items()
        ]
        return tuple(sorted(at_work, key=lambda each: (len(each.name), each.name)))
