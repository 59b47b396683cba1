"""One order under way on a cluster: the task that carries it out, and what was heard of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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
        frames: tracked so far.
    """

    order: Order
    number: int
    sent: Order
    future: Any = None
    casualties: Casualties = field(default_factory=Casualties)
    frames: int = 0

    def is_hopeless(self) -> bool:
        """Whether workers die over it though no tracker runs any more: over its data."""
        return self.sent.spoiled is not None or self.sent.task is not Task.TRACK

    def spoil(self) -> None:
        """Let its tracker be started no more: all of its sequences have failed."""
        self.sent = replace(self.sent, spoiled=self.casualties.why())
        self.casualties = Casualties()
        self.frames = 0
