"""Orders as tasks of Dask's: sent to the scheduler, come back from it, and given up."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from trackbench.running.cluster.flight import Flight
from trackbench.running.cluster.parcel import Parcel, Reply

POLL_SECONDS = 0.1
"""In which what workers say is read, if no unit is done before."""


class Tasks:
    """The tasks of a run.

    Args:
        client: a ``distributed.Client``.
        carry_out: what a worker calls.
        resources: that each task takes of its worker.
    """

    def __init__(
        self, client: Any, carry_out: Callable[[Parcel], Reply], resources: Mapping[str, float]
    ) -> None:
        self._client, self._carry_out = client, carry_out
        self._resources = dict(resources) or None
        self._of_task: dict[str, Flight] = {}
        self._done: Any = None

    @property
    def is_connected(self) -> bool:
        """Whether the scheduler is there."""
        return str(self._client.status) == "running"

    def begin(self) -> None:
        """Wait for none but those that are sent from now on."""
        from distributed import as_completed

        self._done = as_completed(  # type: ignore[no-untyped-call]  # Dask's is not typed
            [], loop=self._client.loop, with_results=True, raise_errors=False
        )

    def send(self, flight: Flight, parcel: Parcel) -> None:
        """Have a worker carry out a flight's order."""
        what = "-".join(filter(None, (flight.order.tracker, flight.order.dataset)))
        key = f"trackbench-{what}-{secrets.token_hex(8)}"
        self._of_task[key] = flight
        flight.future = self._client.submit(
            self._carry_out, parcel, key=key, pure=False, resources=self._resources
        )
        self._done.add(flight.future)

    def back(self) -> list[tuple[Any, Any]]:
        """Return the futures that have come back since, with what each came to."""
        return list(self._done.next_batch(block=False))

    def landed(self, future: Any) -> Flight | None:
        """Return the flight of a future that has come back; None: it was given up meanwhile."""
        flight = self._of_task.pop(future.key, None)
        if flight is not None:
            flight.future = None
        return flight

    def wait(self) -> None:
        """Wait until something has come back, and not for long."""
        with self._done.thread_condition:  # what comes after this says so to who waits
            if self._done.queue.empty():
                self._done.thread_condition.wait(POLL_SECONDS)

    def give_up(self, flight: Flight) -> None:
        """Have Dask forget a task; its order is sent again as another."""
        future, flight.future = flight.future, None
        if future is not None:
            self._of_task.pop(future.key, None)
            future.cancel(force=True)

    def cancel(self, flights: Iterable[Flight]) -> None:
        """Give up all that is under way."""
        futures = [flight.future for flight in flights if flight.future is not None]
        self._of_task.clear()
        if futures and self.is_connected:
            with suppress(Exception):  # the scheduler may go at this very moment
                self._client.cancel(futures, force=True)
