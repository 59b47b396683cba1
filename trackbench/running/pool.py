"""The parent's makers: orders are spread over them, and one that is lost is replaced."""

from __future__ import annotations

import os
import select
import selectors
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Self

from trackbench.errors import TrackbenchError
from trackbench.host import bootstrap, wire
from trackbench.plugins.importing import environment_before, folder_before
from trackbench.plugins.loading import search_path
from trackbench.running import answer_codec, maker
from trackbench.running.messages import Answer, Made, News, Order, Refusal

POLL_SECONDS = 0.2
GRACE_SECONDS = 5.0
"""For a maker to end what it has started, and itself."""
LAST_SECONDS = 3.0
"""For what a maker has started to end, too."""
TRIES_FROM_OUTSIDE, TRIES = 5, 2
"""How often an order is given out when makers are lost over it, killed or by themselves."""


class RefusedError(TrackbenchError):
    """A maker could not do its work for a reason that is the user's to mend."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.detail = refusal.detail


@dataclass
class _Given:
    """An order that was given out, and how often makers were lost over it."""

    order: Order
    number: int
    killed: int = 0
    ended: int = 0


class Pool:
    """Makers, at most ``jobs``, started when they are needed."""

    def __init__(
        self,
        jobs: int,
        progress: Callable[[int], None],
        show_output: Callable[[str, bytes], None] | None = None,
    ) -> None:
        """Prepare a pool; use it as a context manager.

        Args:
            jobs: makers.
            progress: called several times a second with the number of frames tracked so far.
            show_output: called with what trackers print: (tracker's id, bytes).
        """
        self._jobs = jobs
        self._progress, self._show_output = progress, show_output
        self._makers: list[_Maker] = []
        self._finished_frames = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ExitStack() as stack:  # one that refuses to end does not keep the others
            for each in self._makers:
                stack.callback(each.end)

    def work(self, orders: Iterable[Order]) -> Iterator[tuple[Order, Answer]]:
        """Yield each order with its answer as it is ready, in any order.

        Raises:
            RefusedError: a data set or a tracker cannot be made.
        """
        source = (_Given(order, number) for number, order in enumerate(orders))
        waiting: deque[_Given] = deque()
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
                    if isinstance(answer, Made) and len(answer.boxes):
                        self._finished_frames += given.order.frames
                    self._hand_out(waiting, source)  # so that it works while this is stored
                    yield given.order, answer
            self._progress(self._finished_frames + sum(each.frames for each in self._makers))

    def _hand_out(self, waiting: deque[_Given], source: Iterator[_Given]) -> bool:
        """Give every idle maker something to do; False if nothing was left to be given.

        Orders are taken from their source when they are needed, not before.
        """
        idle = [each for each in self._makers if each.given is None]
        while idle or len(self._makers) < self._jobs:
            given = waiting.popleft() if waiting else next(source, None)
            if given is None:
                return False
            if not idle:
                idle.append(_Maker())
                self._makers.append(idle[-1])
            idle.pop(0).give(given)
        return True

    def _ready(self) -> list[_Maker]:
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


class _Maker:
    """One maker and the order it is at.

    Attributes:
        given: what it works on.
        frames: of that, tracked so far.
        lost: it has ended.
        quiet: nobody can print into its pipe any more.
        channel, output: what it says, and what is printed in it.
    """

    channel: socket.socket
    output: int

    def __init__(self) -> None:
        self.given: _Given | None = None
        self._start()

    def give(self, given: _Given) -> None:
        self.given, self.frames = given, 0
        with suppress(OSError):  # a dead maker is noticed when its answer is due
            wire.send(self.channel, {"order": given.number}, given.order.packed())

    def hear(self, show: Callable[[str, bytes], None] | None) -> Answer | None:
        """Return its answer; None if it goes on, or is ``lost``."""
        try:
            message = wire.receive(self.channel)
            answer = None if message is None else answer_codec.decoded(message)
        except (OSError, wire.WireError):
            answer = None
        if isinstance(answer, News):
            self.frames = answer.frames
            if show is not None and answer.output and self.given is not None:
                show(self.given.order.tracker, answer.output)
            return None
        self.lost = answer is None
        self.frames = 0
        return answer

    def replace(self, given: _Given) -> _Given:
        """Start another process in place of one that was lost; return its order for a new try.

        Raises:
            RefusedError: too many were lost over it.
        """
        code = self._stop()
        if code in {-9, -15, -1, -2}:
            given.killed += 1
        else:
            given.ended += 1
        if given.killed >= TRIES_FROM_OUTSIDE or given.ended >= TRIES:
            what = given.order.dataset or given.order.tracker
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise RefusedError(Refusal(f"{what} cannot be made: its process ended with {how}", ""))
        self.given = None
        self._start()
        return given

    def relay(self) -> None:
        """Hand what a data set prints to standard error, if anybody reads that."""
        try:
            printed = os.read(self.output, 1 << 16)
        except OSError:
            printed = b""
        self.quiet = not printed
        with suppress(OSError):
            os.write(2, printed)

    def end(self) -> None:
        """End the process, at once; with it goes all that it has started."""
        if not self._stopped:  # it was, if it was the last that its order was worth
            self._stop()

    def _start(self) -> None:
        self.lost, self.quiet, self.frames = False, False, 0
        self._stopped = True  # as long as there is no process
        self.channel, theirs = wire.pair()
        lifeline, self._lifeline = os.pipe()
        self.output, printing = os.pipe()
        self._process = subprocess.Popen(
            maker.command(search_path(), theirs.fileno(), lifeline),
            env=bootstrap.environment(environment_before()),
            cwd=folder_before() or None,
            pass_fds=(theirs.fileno(), lifeline),
            stdin=subprocess.DEVNULL,
            stdout=printing,
            stderr=printing,
            start_new_session=True,  # an interrupt is for the parent, which ends the makers
        )
        self._stopped = False
        theirs.close()
        for file in (lifeline, printing):
            os.close(file)

    def _stop(self) -> int:
        """End the process, which may have ended by itself, and return its exit code."""
        self._stopped = True
        self.channel.close()
        os.close(self._lifeline)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE_SECONDS)
        self._process.kill()
        code = self._process.wait()
        # Its servers print into the same pipe: at its end, they and their hosts have ended.
        deadline = time.monotonic() + LAST_SECONDS
        while not self.quiet and (left := deadline - time.monotonic()) > 0:
            if select.select([self.output], [], [], left)[0]:
                self.relay()
        os.close(self.output)
        return code
