"""What a process hands on to those that it starts, and how it is put back.

Signals that are ignored or blocked, limits, the mask of new files, processors, priorities: whatever
an author's module changes of these when it is imported here would otherwise be there for every
other tracker, and for what is stored.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

_KERNEL = frozenset(
    {
        *("Umask", "Uid", "Gid", "Groups", "SigBlk", "SigIgn", "NoNewPrivs", "Seccomp"),
        *("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "Cpus_allowed", "Mems_allowed"),
    }
)
"""Lines of a thread's status, on Linux, that say what its children will have."""

_TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)


@dataclass(frozen=True)
class HandedOn:
    """How a process is, in what its children inherit and in who is called at a signal.

    Attributes:
        values: name -> value, of what can be read.
    """

    values: dict[str, Any]

    @classmethod
    def now(cls) -> HandedOn:
        """Return how it is now."""
        values: dict[str, Any] = {f"handler {n}": signal.getsignal(n) for n in _signals()}
        values |= {f"timer {which}": signal.getitimer(which)[0] > 0 for which in _TIMERS}
        values |= {f"limit {name}": _limit(number) for name, number in _limits()}
        values["mask of signals"] = frozenset(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
        values["niceness"] = os.getpriority(os.PRIO_PROCESS, 0)
        values["mask of new files"] = _mask()
        if sys.platform == "linux":
            values["processors"] = frozenset(os.sched_getaffinity(0))
            values |= _kernel()
        return cls(values)

    def restore(self) -> list[str]:
        """Put back what has been changed since; return what could not be put back."""
        now = HandedOn.now()
        for name, put_back in self._ways().items():
            if now.values.get(name) != self.values[name]:
                with suppress(OSError, ValueError, TypeError):  # whether it worked is asked below
                    put_back()
        again = HandedOn.now().values
        return sorted(name for name, value in self.values.items() if again.get(name) != value)

    def _ways(self) -> dict[str, Callable[[], object]]:
        """Return name -> what puts its value back."""
        was = self.values
        ways: dict[str, Callable[[], object]] = {
            "mask of signals": lambda: signal.pthread_sigmask(
                signal.SIG_SETMASK, was["mask of signals"]
            ),
            "mask of new files": lambda: os.umask(was["mask of new files"]),
            "niceness": lambda: os.setpriority(os.PRIO_PROCESS, 0, was["niceness"]),
        }
        if sys.platform == "linux":
            ways["processors"] = lambda: os.sched_setaffinity(0, was["processors"])
        for which in _TIMERS:
            if not was[f"timer {which}"]:
                ways[f"timer {which}"] = partial(signal.setitimer, which, 0.0)
        for number in _signals():
            handler = was[f"handler {number}"]
            if handler is not None:  # None: code in C installed it, and Python cannot
                ways[f"handler {number}"] = partial(signal.signal, number, handler)
        for name, kind in _limits():
            ways[f"limit {name}"] = partial(_set_limit, kind, was[f"limit {name}"])
        return ways


def _signals() -> list[signal.Signals]:
    return [number for number in signal.Signals if number not in {signal.SIGKILL, signal.SIGSTOP}]


def _limits() -> list[tuple[str, int]]:
    return [(name, getattr(resource, name)) for name in dir(resource) if name[:7] == "RLIMIT_"]


def _limit(number: int) -> tuple[int, int] | None:
    with suppress(OSError, ValueError):  # not of this kernel
        return resource.getrlimit(number)
    return None


def _set_limit(number: int, limit: tuple[int, int] | None) -> None:
    if limit is not None:
        resource.setrlimit(number, limit)


def _mask() -> int:
    mask = os.umask(0o077)  # it can only be read by setting another
    os.umask(mask)
    return mask


def _kernel() -> dict[str, str]:
    """Return what the kernel says of this thread; nothing where there is no /proc."""
    with suppress(OSError):
        lines = Path("/proc/thread-self/status").read_text().splitlines()
        fields = (line.partition(":") for line in lines)
        return {name: value.strip() for name, _, value in fields if name in _KERNEL}
    return {}
