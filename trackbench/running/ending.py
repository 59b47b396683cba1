"""What the end of a host means: whose doing it was, and what comes next. No processes here."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from enum import Enum

from trackbench.host.server import HOST_FAILED
from trackbench.printing.amounts import memory
from trackbench.results.chunks import FailureKind

OUTSIDE = frozenset(
    -number
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
)
"""Signals that people, schedulers and the kernel send; a crash of the tracker's own has others."""


_MAY_BE_MEMORY = frozenset({-signal.SIGABRT, HOST_FAILED})
"""How a library in C++ ends a process where it finds no memory, and our own code in a host."""


class Reason(Enum):
    """Why the maker ended a host, if it did."""

    NONE = "it ended by itself"
    TIMEOUT = "a call took too long"
    MEMORY = "it held more memory than it may"
    STOPPED = "it was stopped and not continued"
    LOST = "the process it was forked from has gone"


@dataclass(frozen=True)
class Ending:
    """How a host ended.

    Attributes:
        reason: why the maker ended it.
        code: its exit code; negative: the signal that ended it; None: not known.
        memory: bytes that it held when it was last seen.
        peak: bytes, the most that it held; 0: not known.
        timeout: seconds that the call in hand, or what was between two, might take.
        limit: bytes that it might take; None: no limit.
        out_of_memory: the kernel has killed something for want of memory meanwhile.
        machine: what the kernel allows all processes together, in words; empty: not known.
        said_memory: the last that it printed says that memory could not be had.
    """

    reason: Reason
    code: int | None
    memory: int = 0
    peak: int = 0
    timeout: float = 0.0
    limit: int | None = None
    out_of_memory: bool = False
    machine: str = ""
    said_memory: bool = False

    @property
    def from_outside(self) -> bool:
        """Neither the tracker nor its limits seem to be the cause: it is worth another try."""
        if self.reason is Reason.NONE:
            return self.code in OUTSIDE
        return self.reason in {Reason.STOPPED, Reason.LOST}

    @property
    def kind(self) -> FailureKind:
        """What kind of failure it is, if it is one."""
        if self.reason is Reason.TIMEOUT:
            return FailureKind.TIMEOUT
        if self.reason is Reason.MEMORY or (self.from_outside and self.out_of_memory):
            return FailureKind.MEMORY
        if self.reason is Reason.NONE and self.code in _MAY_BE_MEMORY and self.said_memory:
            return FailureKind.MEMORY
        return FailureKind.KILLED if self.from_outside else FailureKind.DIED

    @property
    def message(self) -> str:
        """One line for the user."""
        if self.reason is Reason.TIMEOUT:
            return f"no answer within {self.timeout:g} s"
        if self.reason is Reason.MEMORY:
            return f"it held {memory(self.memory)}, and the limit is {memory(self.limit or 0)}"
        if not self.from_outside:
            why = " for want of memory" * (self.kind is FailureKind.MEMORY)
            allowed = f", and the limit is {memory(self.limit)}" if why and self.limit else ""
            return f"its process ended with {_end(self.code)}{why}{allowed}"
        seen = {
            Reason.STOPPED: "its process was stopped and not continued",
            Reason.LOST: "its process was lost",
        }.get(self.reason, f"its process was ended by {_end(self.code)}")
        held = f"; it held {memory(self.memory)}" if self.memory else ""
        allowed = f" ({self.machine})" if self.machine else ""
        killer = "; the kernel has ended processes for want of memory" * self.out_of_memory
        return f"{seen}, and again when it was repeated{held}{allowed}{killer}"


def _end(code: int | None) -> str:
    if code is None:
        return "no exit code"
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"signal {-code}"
