"""One maker as the parent sees it: what it is given, what it answers, and how it ends."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from trackbench.errors import TrackbenchError
from trackbench.host import bootstrap, wire
from trackbench.plugins.importing import environment_before, folder_before
from trackbench.plugins.own_folders import search_path
from trackbench.running import answer_codec, maker
from trackbench.running.messages import Answer, News, Order, Refusal

GRACE_SECONDS = 5.0
"""Seconds in which a maker may end what it has started, and itself."""
LAST_SECONDS = 3.0
"""Seconds in which what a maker has started may end after it."""
TRIES_FROM_OUTSIDE, TRIES = 5, 2
"""How often an order is given to a maker if makers are killed over it, or end by themselves."""


class RefusedError(TrackbenchError):
    """A maker could not do its work for a reason that is the user's to mend."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.detail = refusal.detail


@dataclass
class Given:
    """An order that was given to a maker.

    Attributes:
        order: it.
        number: its place among all orders.
        killed: how often makers were lost over it that somebody had killed.
        ended: how often makers were lost over it that ended by themselves.
    """

    order: Order
    number: int
    killed: int = 0
    ended: int = 0


class MakerProcess:
    """A maker and the order that it works on; one that is lost is replaced by another process.

    Attributes:
        given: the order that it works on; None: none.
        frames: of that order, tracked so far.
        lost: the process has ended.
        quiet: nobody can print into its pipe any more.
        channel: the socket over which it answers.
        output: the pipe that it, and what it has started, prints into.
    """

    channel: socket.socket
    output: int
    _held: bool
    _lifeline: int

    def __init__(self, variables: Mapping[str, str | None] | None = None) -> None:
        """Start it.

        Args:
            variables: of its environment, other than in this process; None: it is not set there.
        """
        self.given: Given | None = None
        self._variables = variables or {}
        self._start()

    def give(self, given: Given) -> None:
        """Send it an order."""
        self.given, self.frames = given, 0
        with suppress(OSError):  # a dead maker is noticed when its answer is due
            wire.send(self.channel, {"order": given.number}, given.order.packed())

    def hear(self, show: Callable[[str, bytes], None] | None) -> Answer | None:
        """Return its answer; None if it is not done yet, or is ``lost``."""
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

    def replace(self, given: Given) -> Given:
        """Start another process in place of one that was lost; return its order, to be given again.

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
        """Print what a data set has printed to standard error, if anybody reads that.

        Through ``sys.stderr``, where bars take it to stand above them, and not past it.
        """
        try:
            printed = os.read(self.output, 1 << 16)
        except OSError:
            printed = b""
        self.quiet = not printed
        with suppress(OSError, ValueError, AttributeError):  # it may be closed, or not be there
            sys.stderr.write(self._decoder.decode(printed, final=self.quiet))

    def let_go(self) -> None:
        """Have the process begin to end, and all that it has started; :meth:`end` waits for it."""
        if self._held:
            self._held = False
            self.channel.close()
            os.close(self._lifeline)

    def end(self, deadline: float | None = None) -> None:
        """End the process; with it goes all that it has started.

        Args:
            deadline: of ``time.monotonic``, from when on it is killed; None: in
                :data:`GRACE_SECONDS`.
        """
        if not self._stopped:  # it is already, if its order was refused over it
            self._stop(deadline)

    def _start(self) -> None:
        self.lost, self.quiet, self.frames = False, False, 0
        self._stopped = True  # as long as there is no process
        self._held = True
        self.channel, theirs = wire.pair()
        lifeline, self._lifeline = os.pipe()
        self.output, printing = os.pipe()
        self._decoder = getincrementaldecoder("utf-8")("backslashreplace")
        self._process = subprocess.Popen(
            maker.command(search_path(), theirs.fileno(), lifeline),
            env=bootstrap.environment(self._environment()),
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

    def _environment(self) -> dict[str, str]:
        set_here = {**environment_before(), **self._variables}
        return {name: value for name, value in set_here.items() if value is not None}

    def _stop(self, deadline: float | None = None) -> int:
        """End the process, which may have ended by itself, and return its exit code."""
        self._stopped = True
        self.let_go()
        deadline = time.monotonic() + GRACE_SECONDS if deadline is None else deadline
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, deadline - time.monotonic()))
        self._process.kill()
        code = self._process.wait()
        # Its servers print into the same pipe: at its end, they and their hosts have ended.
        deadline = min(deadline, time.monotonic()) + LAST_SECONDS
        while not self.quiet and (left := deadline - time.monotonic()) > 0:
            if select.select([self.output], [], [], left)[0]:
                self.relay()
        os.close(self.output)
        return code
