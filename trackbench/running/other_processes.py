"""Other processes, as the kernel describes them: memory, children, stopped or not."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from trackbench.host import descendants

_KERNEL_LISTS_CHILDREN = Path(f"/proc/self/task/{threading.get_native_id()}/children").exists()
"""If not, the parents of all processes are looked at."""


def memory_of(process: int) -> int:
    """Return the bytes that a process holds in memory; 0 where that is not known."""
    try:
        with open(f"/proc/{process}/statm", encoding="ascii") as sizes:  # noqa: PTH123 - ten a second
            return int(sizes.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def is_stopped(process: int) -> bool:
    """Whether somebody has stopped a process (SIGSTOP); False where that is not known."""
    try:
        with open(f"/proc/{process}/stat", "rb") as stat:  # noqa: PTH123 - ten a second
            return stat.read().rpartition(b")")[2].split()[0] in {b"T", b"t"}
    except (OSError, IndexError):
        return False


def own_memory_below(process: int) -> int:
    """Return the bytes that all descendants of a process hold, each alone; 0 where it is not known.

    A tracker's process may leave its group and its parent: it is still below the server that its
    host was forked from. What a host shares with that, such as torch, is not its own.
    """
    return sum(_own_memory_of(each) for each in _below(process))


def _below(process: int) -> list[int]:
    found: list[int] = []
    parents = [process]
    while parents:
        children = _children_of(parents.pop())
        found += children
        parents += children
    return found


def _children_of(process: int) -> list[int]:
    """Return the children of all threads of a process."""
    if not _KERNEL_LISTS_CHILDREN:
        return descendants.children_of(process)
    found: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208 - ten a second
            with (
                suppress(OSError),
                open(f"/proc/{process}/task/{thread}/children", "rb") as children,  # noqa: PTH123
            ):
                found += map(int, children.read().split())
    return found


def _own_memory_of(process: int) -> int:
    try:
        with open(f"/proc/{process}/smaps_rollup", "rb") as sizes:  # noqa: PTH123 - ten a second
            lines = [line.split() for line in sizes]
    except OSError:
        return 0
    return sum(1024 * int(words[1]) for words in lines if words[0].startswith(b"Private_"))
