"""Makers and hosts' servers as their parents see them, where a nursery forks them.

While :func:`install` lasts, ``subprocess.Popen`` is one that knows them by their commands; all
other processes it starts.
"""

from __future__ import annotations

import json
import os
import resource
import selectors
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import forked_command
from forked_command import description, forked, number_from

_CODES = {
    "maker": "from trackbench.running.maker import main",
    "server": "from trackbench_host.server import main",
}
"""Kind of process -> a line of its code, by which it is known."""

_Popen = subprocess.Popen


def install(by_kind: dict[str, str]) -> None:
    """Have makers and servers that this process starts forked by nurseries that are there."""
    normal = _handed_on()

    class Popen(_Popen):  # type: ignore[type-arg]
        addresses = by_kind

        def __new__(cls, *arguments: Any, **options: Any) -> Any:
            kind = _kind(arguments[0]) if len(arguments) == 1 else None
            if kind in by_kind and _handed_on() == normal:
                # What a tracker starts is started: none of this is in a server.
                inside = by_kind if kind == "maker" else {}
                made = _Forked.asked_for(by_kind[kind], inside, arguments[0], **options)
                if made is not None:
                    return made
            return super().__new__(cls)

    subprocess.Popen = Popen  # type: ignore[misc]


def uninstall() -> None:
    """Have them started again, as a user's are."""
    subprocess.Popen = _Popen  # type: ignore[misc]


@contextmanager
def started() -> Iterator[None]:
    """Have makers and servers started for a while, as a user's are."""
    usual = subprocess.Popen
    subprocess.Popen = _Popen  # type: ignore[misc]
    try:
        yield
    finally:
        subprocess.Popen = usual  # type: ignore[misc]


def addresses() -> dict[str, str]:
    """Return the addresses of the nurseries that this process uses now; none: it uses none."""
    return getattr(subprocess.Popen, "addresses", {})


def forked_trackbench() -> tuple[str, ...]:
    """Return the words by which a shell forks ``trackbench``; without a nursery, starts it."""
    return (sys.executable, "-I", "-S", forked_command.__file__, json.dumps(addresses()))


def write_forked_trackbench(folder: Path) -> None:
    """Write a program ``trackbench`` into a folder of programs, which is forked so."""
    program = folder / "trackbench"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(forked_trackbench())} "$@"\n')
    program.chmod(0o755)


def _kind(command: Any) -> str | None:
    if isinstance(command, list) and command[:2] == [sys.executable, "-c"]:
        return next((kind for kind, line in _CODES.items() if line in command[2]), None)
    return None


def _handed_on() -> list[Any]:
    """Return what a started process would have of this one, and a forked one has of another."""
    mask = os.umask(0o077)
    os.umask(mask)
    names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    ignored = [n for n in signal.valid_signals() if signal.getsignal(n) is signal.SIG_IGN]
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    limits = [resource.getrlimit(getattr(resource, name)) for name in names]
    return [mask, os.getpriority(os.PRIO_PROCESS, 0), sorted(ignored), sorted(blocked), *limits]


class _Forked:
    """A process that a nursery has forked, with what is used here of ``subprocess.Popen``."""

    def __init__(self, channel: socket.socket, args: list[str], pid: int) -> None:
        self._channel, self.args, self.pid = channel, args, pid
        self.returncode: int | None = None

    @classmethod
    def asked_for(
        cls,
        address: str,
        inside: dict[str, str],
        args: list[str],
        *,
        env: dict[str, str],
        stdin: int,
        stdout: int,
        stderr: int | None = None,
        cwd: str | None = None,
        pass_fds: Sequence[int] = (),
        start_new_session: bool = False,
    ) -> _Forked | None:
        """Return it; None where the nursery is not one for it."""
        assert start_new_session, "each has a session of its own"
        nothing = os.open(os.devnull, os.O_RDONLY)
        files = [nothing if stdin == subprocess.DEVNULL else stdin, stdout]
        files += [2 if stderr is None else stderr, *pass_fds]
        asked = description(args[2], args[3:], dict(env), inside)
        asked |= {"folder": cwd or asked["folder"], "numbers": [0, 1, 2, *pass_fds]}
        try:
            channel, process = forked(address, asked, files)
        finally:
            os.close(nothing)
        return cls(channel, args, process) if process else None

    def poll(self) -> int | None:
        """Return its exit code; None: it has not ended."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0.0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code when it has ended."""
        if self.returncode is None:
            with selectors.DefaultSelector() as selector:
                selector.register(self._channel, selectors.EVENT_READ)
                if not selector.select(timeout):
                    raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
            self.returncode = number_from(self._channel)
            self._channel.close()
        return self.returncode

    def kill(self) -> None:
        """Kill it, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
