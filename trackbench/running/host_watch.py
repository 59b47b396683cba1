"""A host while it works: whether it has taken too long or too much, and what its end shows."""

from __future__ import annotations

import time

from trackbench.host.shared_memory import Scratch
from trackbench.host.want_of_memory import says_so
from trackbench.running import kernel
from trackbench.running.deadline import Deadline
from trackbench.running.ending import Ending, Reason
from trackbench.running.host_server import HostServer
from trackbench.running.limits import Limits
from trackbench.running.other_processes import is_stopped, memory_of, own_memory_below

_LAST_WORDS = 1024
"""Bytes at the end of what was printed, in which a process that aborts says why."""
GRACE_SECONDS = 5.0
"""Seconds in which a host that has closed its socket may end by itself."""


class HostWatch:
    """What is seen of a host's time and memory.

    Attributes:
        process: its number, once it has one.
        peak: bytes, the most that it was seen to hold.
    """

    def __init__(self, server: HostServer, scratch: Scratch, limits: Limits) -> None:
        """Begin, before the host is started.

        Args:
            server: what it is forked from.
            scratch: memory that says where it is.
            limits: what its tracker may take.
        """
        self._server, self._scratch, self._limits = server, scratch, limits
        self.process = 0
        self.peak = 0
        self._memory = 0
        self._allowed = limits.timeout
        self._killed_before = kernel.out_of_memory_kills()

    def reason_to_kill(self, deadline: Deadline, closed_at: float) -> Reason:
        """Look at the host; say why it is to be killed, if it is.

        Args:
            deadline: of the call in hand.
            closed_at: when it closed its socket, by the monotonic clock; 0: it has not.
        """
        now = time.monotonic()
        self._memory = memory_of(self.process) or self._memory
        self.peak = max(self.peak, self._memory)
        stopped = is_stopped(self.process) or is_stopped(self._server.process)
        deadline.look(self._scratch.place().call, now, stopped=stopped)
        if deadline.over:
            self._allowed = deadline.allowed
            return Reason.TIMEOUT
        if deadline.abandoned:
            return Reason.STOPPED
        if self._limits.memory is not None:
            own = own_memory_below(self._server.process)
            if own > self._limits.memory:
                self._memory = own
                return Reason.MEMORY
        if closed_at and not self._scratch.place().call and now - closed_at > GRACE_SECONDS:
            return Reason.LOST
        return Reason.NONE

    def ending(self, reason: Reason, code: int | None, output: bytes) -> Ending:
        """Return how the host has ended.

        Args:
            reason: why it was killed.
            code: its exit code; None: not known.
            output: the last that it printed.
        """
        return Ending(
            reason=reason,
            code=code,
            memory=self._memory,
            peak=self.peak,
            timeout=self._allowed,
            limit=self._limits.memory,
            out_of_memory=kernel.out_of_memory_kills() > self._killed_before,
            machine=kernel.memory_allowed(),
            said_memory=says_so(output[-_LAST_WORDS:].decode(errors="replace")),
        )
