"""A maker's end of the process that hosts are forked from."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from trackbench.errors import TrackbenchError
from trackbench.host import bootstrap, descendants, wire
from trackbench.running.ending import OUTSIDE

START_SECONDS = 300.0
"""For importing packages; torch takes two on an idle machine."""
_KERNEL_LISTS_CHILDREN = Path(f"/proc/self/task/{threading.get_native_id()}/children").exists()
"""Where it does not, all processes are looked through."""


_TRIES = 5
"""To start a server that somebody ends each time."""


class ServerLostError(Exception):
    """The server has gone, or never came; ``from_outside``: somebody has ended it."""

    from_outside = False


class HostServer:
    """A clean process that forks hosts, one at a time, and tells how each ended.

    Attributes:
        channel: its socket, for waiting on what it says of its host.
    """

    def __init__(
        self,
        python: str,
        path: Sequence[str],
        preload: Sequence[str],
        environment: Mapping[str, str],
    ) -> None:
        """Start it, with packages imported; without, where these start threads of their own.

        Raises:
            ServerLostError: it does not start.
        """
        self._python, self._path, self._environment = python, path, environment
        threads = self._start(preload)
        if threads != 1 and preload:  # a fork would copy one thread, and locks that the others hold
            self.close()
            self._start(())

    @classmethod
    def started(
        cls,
        path: Sequence[str],
        preload: Sequence[str],
        environment: Mapping[str, str],
        python: str = sys.executable,
    ) -> Self:
        """Start a server; where importing the packages ends it, one without.

        One that somebody ends meanwhile is started again.

        Raises:
            TrackbenchError: this interpreter starts no process that answers.
        """
        lost = ServerLostError()
        for packages in (preload, ()):
            for _ in range(_TRIES):
                try:
                    return cls(python, path, packages, environment)
                except ServerLostError as error:
                    lost = error
                    if not error.from_outside:
                        break
        raise TrackbenchError(f"a process for a tracker does not start: {lost}") from lost

    def _start(self, preload: Sequence[str]) -> int:
        ours, theirs = wire.pair()
        self.channel = ours
        self._process = subprocess.Popen(
            bootstrap.command(self._python),
            env=self._environment,
            stdin=theirs.fileno(),
            stdout=2,
            start_new_session=True,
        )
        theirs.close()
        try:
            wire.send(ours, {"path": list(self._path), "preload": list(preload)})
            said = self._hear(START_SECONDS)
        except (OSError, wire.WireError, ServerLostError) as error:
            self.close()
            lost = ServerLostError(str(error))
            lost.from_outside = self._process.returncode in OUTSIDE
            raise lost from error
        return int(said["threads"])

    def start_host(self, channel: int, output: int, scratch: int) -> int:
        """Fork a host that has these descriptors; return its process number.

        Raises:
            ServerLostError: the server has gone.
        """
        try:
            wire.send(self.channel, {"start": True}, files=[channel, output, scratch])
            return int(self._hear(START_SECONDS)["host"])
        except OSError as error:
            raise ServerLostError(str(error)) from error

    def kill_host(self) -> None:
        """Kill the host and its process group; the server tells when that has been done."""
        with suppress(OSError):
            wire.send(self.channel, {"kill": True})

    def hear_ending(self) -> dict[str, int]:
        """Return what the server says of its host's end: ``code`` and ``peak`` (bytes).

        Raises:
            ServerLostError: the server has gone.
        """
        return self._hear(START_SECONDS)

    def _hear(self, seconds: float) -> dict[str, int]:
        deadline = time.monotonic() + seconds
        while not select.select([self.channel], [], [], 1.0)[0]:
            if time.monotonic() > deadline:
                raise ServerLostError(f"it did not answer within {seconds:g} s")
        message = wire.receive(self.channel)
        if message is None:
            raise ServerLostError("it has ended")
        return message.says

    @property
    def process(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """The process is there."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill the server, whatever state it is in."""
        self._process.kill()

    def close(self) -> None:
        """End the server with all its hosts."""
        self.channel.close()
        try:
            self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()


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
