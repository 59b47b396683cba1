"""What is heard of a run from its workers and from the scheduler, as it comes."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trackbench.running.cluster.parcel import topic_of

_EVERYBODY = "all"
"""The scheduler's topic about workers that come and go."""


@dataclass(frozen=True)
class Begun:
    """A worker begins with an order."""

    number: int
    worker: str


@dataclass(frozen=True)
class Done:
    """A worker has done an order; its answer may not be here yet."""

    number: int
    worker: str


@dataclass(frozen=True)
class Tracked:
    """How far a worker is with an order, and what was printed meanwhile."""

    number: int
    frames: int
    printed: bytes


@dataclass(frozen=True)
class Lost:
    """A worker died: it did not say that it would go."""

    worker: str


News = Begun | Done | Tracked | Lost


class NewsFeed:
    """Events of a run, heard in a thread of Dask's and read in ours."""

    def __init__(self, client: Any, run: str) -> None:
        self._client, self._run = client, run
        self._heard: queue.SimpleQueue[News] = queue.SimpleQueue()
        client.subscribe_topic(topic_of(run), self._hear)
        client.subscribe_topic(_EVERYBODY, self._hear_of_all)

    def close(self) -> None:
        """Hear no more."""
        for topic in (topic_of(self._run), _EVERYBODY):
            self._client.unsubscribe_topic(topic)

    def read(self) -> Iterator[News]:
        """Yield what has come since the last time, in its order."""
        while True:
            try:
                yield self._heard.get_nowait()
            except queue.Empty:
                return

    def _hear(self, event: Any) -> None:
        _, said = event
        number, worker = int(said["number"]), str(said["worker"])
        if "begun" in said:
            self._heard.put(Begun(number, worker))
        elif "done" in said:
            self._heard.put(Done(number, worker))
        else:
            self._heard.put(Tracked(number, int(said["frames"]), bytes(said["printed"])))

    def _hear_of_all(self, event: Any) -> None:
        _, said = event
        if said.get("action") == "remove-worker" and not said.get("expected"):
            self._heard.put(Lost(str(said["worker"])))
