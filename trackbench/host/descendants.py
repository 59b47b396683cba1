"""Children of children: what a tracker starts must not outlive it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Container

_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36  # prctl(2)
_PATIENCE_SECONDS = 5.0


def adopt() -> None:
    """Become the parent of every orphan among one's descendants, where the system can do it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_SUBREAPER, 1, 0, 0, 0)


def die_with(parent: int) -> None:
    """Have the system kill this process when its parent ends, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it has ended meanwhile
            os.kill(os.getpid(), signal.SIGKILL)


def wake_with_parent() -> None:
    """Have the system continue this process, if it is stopped, when its parent ends.

    It then finds a socket or a pipe closed, ends what it has started, and itself. To be killed
    instead would leave behind what has left its process group.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGCONT, 0, 0, 0)


def end_with(lifeline: int) -> None:
    """Have this process end, and all that it has started, when a pipe's other end closes.

    The other end closes when the process that holds it ends, in whatever way. This works on every
    system, and for processes that do not wait for a message of their parent's.
    """
    import threading  # not in every host

    threading.Thread(target=_end_after, args=(lifeline,), daemon=True).start()


def _end_after(lifeline: int) -> None:
    os.read(lifeline, 1)
    end_all()
    os._exit(1)


def end_all() -> None:
    """Kill all children and wait for them; their orphans become children and are next."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            found, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if found:
            continue
        for child in children_of(os.getpid()):
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
        time.sleep(0.001)


def end_all_but(kept: Container[int]) -> None:
    """Kill the children that are not among ``kept``, their orphans after them."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        others = [child for child in children_of(os.getpid()) if child not in kept]
        if not others:
            return
        for child in others:
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
        for child in others:
            with contextlib.suppress(OSError):
                os.waitpid(child, 0)


def kill_marked(name: str, value: str) -> None:
    """Kill the processes that have a variable in their environment, whoever their parent is.

    Those that begin meanwhile, too; none where there is no /proc.
    """
    mark, own = f"{name}={value}".encode(), os.getpid()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = [process for process in _all() if process != own and _has(process, mark)]
        if not found:
            return
        for process in found:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.001)


def _all() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []


def _has(process: int, mark: bytes) -> bool:
    try:
        with open(f"/proc/{process}/environ", "rb") as environ:  # of one that has ended: nothing
            return mark in environ.read().split(b"\0")
    except OSError:
        return False


def children_of(process: int) -> list[int]:
    """Return the children of a process; none where there is no /proc."""
    found: list[int] = []
    for number in _all():
        with contextlib.suppress(OSError, IndexError), open(f"/proc/{number}/stat", "rb") as stat:
            # "pid (name) state parent ...", and a name may hold anything
            if stat.read().rpartition(b")")[2].split()[1] == b"%d" % process:
                found.append(number)
    return found
