"""Processes as ``/proc`` shows them: who started whom, who has a mark, who is alive."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def children(parent: int) -> list[int]:
    """Return the processes that ``parent`` has started and that have not ended."""
    return [process for process in _all() if _stat(process)[:2] == (True, parent)]


def alive(process: int) -> bool:
    """Whether a process is there and has not ended, waited for or not."""
    return _stat(process)[0]


def marked(mark: str) -> list[int]:
    """Return the processes with a variable ``NAME=VALUE`` in their environment, but this one."""
    found = []
    for process in _all():
        with suppress(OSError):
            if f"{mark}\0".encode() in Path(f"/proc/{process}/environ").read_bytes():
                found.append(process)
    return [process for process in found if process != os.getpid()]


def command_line(process: int) -> bytes:
    """Return the words of a process's command, each ended by a zero; none if it has gone."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def _all() -> Iterator[int]:
    return (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit())


def _stat(process: int) -> tuple[bool, int]:
    """Return whether a process has not ended, and its parent."""
    with suppress(OSError):
        state, parent, *_ = (
            Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        )
        return state not in {"Z", "X"}, int(parent)
    return False, 0
