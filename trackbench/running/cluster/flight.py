"""One order under way on a cluster: the task that carries it out, and what was heard of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from trackbench.running.cluster.casualties import Casualties
from trackbench.running.messages import Order, Task


@dataclass(eq=False)
class Flight:
    """An order under way.

    Attributes:
        order: as it was given, and is given back.
        sent: as it is carried out; with ``spoiled`` once it has killed too many workers.
        number: its place among all orders.
        future: of the task.
        casualties: workers that have died over it.
        at: address of the worker that carries it out; nothing: none does, as far as it was told.
        worker: address of the last worker that did.
        begun: when that began with it, in seconds of a clock.
        seconds: that it took; 0: it is not done.
        frames: tracked so far.
    """

    order: Order
    number: int
    sent: Order
    future: Any = None
    casualties: Casualties = field(default_factory=Casualties)
    at: str = ""
    worker: str = ""
    begun: float = 0.0
    seconds: float = 0.0
    frames: int = 0

    def begin(self, worker: str) -> None:
        """Note that a worker carries it out now."""
        self.at = self.worker = worker
        self.begun, self.seconds, self.frames = monotonic(), 0.0, 0

    def end(self) -> None:
        """Note that the worker has done it, or has gone."""
        if self.at:
            self.at, self.seconds = "", monotonic() - self.begun

    def is_hopeless(self) -> bool:
        """Whether workers die over it though no tracker runs any more: over its data."""
        return self.sent.spoiled is not None or self.sent.task is not Task.TRACK

    def spoil(self) -> None:
        """Let its tracker be started no more: all of its sequences have failed."""
        self.sent = replace(self.sent, spoiled=self.casualties.why())
        self.casualties = Casualties()
        self.frames = 0
