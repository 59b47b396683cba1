"""A maker's end of the process that hosts are forked from."""

from __future__ import annotations

import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Self

from trackbench.errors import TrackbenchError
from trackbench.host import bootstrap, wire
from trackbench.plugins.decoder_complaints import standard_error
from trackbench.running.ending import OUTSIDE

START_SECONDS = 300.0
"""Seconds for importing packages; torch takes two on an idle machine."""
_TRIES = 5
"""How often a server is started that somebody kills each time."""


class ServerLostError(Exception):
    """The server has ended, or did not start; ``from_outside``: somebody has killed it."""

    from_outside = False


class HostServer:
    """A clean process that forks hosts, one at a time, and reports how each ended.

    Attributes:
        channel: its socket, for waiting until it reports its host's end.
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
            stdout=standard_error(),
            stderr=standard_error(),
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
        """Have the host and its process group killed; the server reports when they have ended."""
        with suppress(OSError):
            wire.send(self.channel, {"kill": True})

    def hear_ending(self) -> dict[str, int]:
        """Return the report of a host's end: ``code`` and ``peak`` (bytes).

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
