"""The parent's makers: orders are spread over them, and one that is lost is replaced."""

from __future__ import annotations

import selectors
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Self

from trackbench.running.maker_process import GRACE_SECONDS, Given, MakerProcess, RefusedError
from trackbench.running.messages import Answer, Order, Refusal
from trackbench.running.progress import AtWork

POLL_SECONDS = 0.2


class Pool:
    """Makers, at most ``jobs``, started when they are needed."""

    def __init__(
        self,
        jobs: int,
        progress: Callable[[], None] = lambda: None,
        show_output: Callable[[str, bytes], None] | None = None,
    ) -> None:
        """Prepare a pool; use it as a context manager.

        Args:
            jobs: makers.
            progress: called several times a second while orders are carried out.
            show_output: called with what trackers print: (tracker's id, bytes).
        """
        self._jobs = jobs
        self.progress, self._show_output = progress, show_output
        # Never called: here an order is begun as soon as it is taken.
        self.begun: Callable[[Order], None] = lambda _: None
        self._makers: list[MakerProcess] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # All at once: one after the other, each could take as long as it may.
        deadline = time.monotonic() + GRACE_SECONDS
        with ExitStack() as stack:  # all are ended, even if the end of one raises an error
            for each in self._makers:
                stack.callback(each.end, deadline)
            for each in self._makers:
                each.let_go()

    def work(self, orders: Iterable[Order]) -> Iterator[tuple[Order, Answer]]:
        """Yield each order with its answer as it is ready, in any order.

        Raises:
            RefusedError: a data set or a tracker cannot be made.
        """
        source = (Given(order, number) for number, order in enumerate(orders))
        waiting: deque[Given] = deque()
        while self._hand_out(waiting, source) or any(each.given for each in self._makers):
            for each in self._ready():
                answer = each.hear(self._show_output)
                given = each.given
                if isinstance(answer, Refusal):
                    raise RefusedError(answer)
                if answer is None and given is not None and each.lost:
                    waiting.appendleft(each.replace(given))
                elif answer is not None and given is not None:
                    each.given = None
                    self._hand_out(waiting, source)  # so that it works while the answer is stored
                    yield given.order, answer
            self.progress()

    @property
    def processes(self) -> int:
        """How many orders are carried out side by side, at most."""
        return self._jobs

    @property
    def workers(self) -> tuple[AtWork, ...]:
        """None: makers are of this machine, and all alike."""
        return ()

    @property
    def under_way(self) -> dict[Order, int]:
        """The orders that makers have, with the frames of each that are tracked."""
        return {each.given.order: each.frames for each in self._makers if each.given is not None}

    def _hand_out(self, waiting: deque[Given], source: Iterator[Given]) -> bool:
        """Give every idle maker an order; False if there are no more orders.

        Orders are taken from their source when they are needed, not before.
        """
        idle = [each for each in self._makers if each.given is None]
        while idle or len(self._makers) < self._jobs:
            given = waiting.popleft() if waiting else next(source, None)
            if given is None:
                return False
            if not idle:
                idle.append(MakerProcess())
                self._makers.append(idle[-1])
            idle.pop(0).give(given)
        return True

    def _ready(self) -> list[MakerProcess]:
        """Wait a moment; return the makers that have said something, or ended."""
        with selectors.DefaultSelector() as selector:
            for each in self._makers:
                selector.register(each.channel, selectors.EVENT_READ, each)
                if not each.quiet:
                    selector.register(each.output, selectors.EVENT_READ, each)
            ready = selector.select(POLL_SECONDS)
        for key, _ in ready:
            if key.fileobj == key.data.output:
                key.data.relay()
        return [key.data for key, _ in ready if key.fileobj is key.data.channel]
