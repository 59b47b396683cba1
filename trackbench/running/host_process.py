"""One host as its maker sees it: its answers, what it prints, how long it takes, how it ends."""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import Enum
from typing import Any

from trackbench.host import wire
from trackbench.host.shared_memory import BUILDING, CLOSING, Scratch
from trackbench.running.deadline import Deadline
from trackbench.running.ending import Ending, Reason
from trackbench.running.host_server import HostServer, ServerLostError
from trackbench.running.host_watch import HostWatch
from trackbench.running.limits import Limits

LOOK_SECONDS = 0.1
OUTPUT_BYTES = 64 * 1024
END_SECONDS = 60.0
"""Seconds for a server to report that its host has ended."""
_MOST_READS = 64


class Answer(Enum):
    """What a host says."""

    BUILT = "built"
    REFUSED = "refused"
    TRACKED = "tracked"
    RAISED = "raised"
    CLOSED = "closed"
    ENDED = "ended"
    """It answers nothing: its process has ended, or was killed."""


class HostProcess:
    """A host, watched while it works.

    Attributes:
        ending: how it ended, once it has.
        kept_frames: its tracker kept frames of the video that it tracked last.
    """

    def __init__(
        self,
        server: HostServer,
        scratch_file: int,
        scratch: Scratch,
        limits: Limits,
        look: Callable[[bytes], None],
    ) -> None:
        """Fork it.

        Args:
            server: what it is forked from.
            scratch_file: the open file of ``scratch``.
            scratch: memory that both have.
            limits: what its tracker may take.
            look: is called several times a second with what the tracker has printed since.

        Raises:
            ServerLostError: the server has gone.
        """
        self._server, self._limits, self._look = server, limits, look
        self.ending: Ending | None = None
        self.kept_frames = True
        self._output, self._silent = b"", False
        self._watch = HostWatch(server, scratch, limits)
        self._channel, theirs = wire.pair()
        self._pipe, write_end = os.pipe()
        os.set_blocking(self._pipe, False)
        try:
            self._watch.process = server.start_host(theirs.fileno(), write_end, scratch_file)
        except ServerLostError:
            self._channel.close()
            os.close(self._pipe)
            raise
        finally:
            theirs.close()
            os.close(write_end)
        self._selector = selectors.DefaultSelector()
        for source in (self._channel, self._pipe, server.channel):
            self._selector.register(source, selectors.EVENT_READ)

    def ask(self, says: dict[str, Any], payload: bytes = b"", files: Sequence[int] = ()) -> Answer:
        """Send a message and wait for the answer, or for the host's end."""
        with suppress(OSError):  # a dead host is noticed below
            wire.send(self._channel, says, payload, files)
        deadline = Deadline(self._limits.timeout)
        reason = Reason.NONE
        listening, closed_at = True, 0.0
        while True:
            ready = {key.fileobj for key, _ in self._selector.select(LOOK_SECONDS)}
            if self._pipe in ready:
                self._drain()
            if listening and self._channel in ready:
                answer = self._hear()
                if answer is not None:
                    return answer
                listening, closed_at = False, time.monotonic()
                self._selector.unregister(self._channel)
            if self._server.channel in ready:
                self._end(reason)
                return Answer.ENDED
            if reason is Reason.NONE:
                reason = self._watch.reason_to_kill(deadline, closed_at)
                if reason is Reason.STOPPED:
                    self._server.kill()  # it may be stopped, too; its host ends with it
                elif reason is not Reason.NONE:
                    self._server.kill_host()
            self._look(b"")

    def close(self) -> Answer:
        """Let the tracker end, within its time; then the host is gone."""
        answer = self.ask({"close": True})
        if self.ending is None:
            self._wait_for_end()
        self._free()
        return answer

    def abandon(self) -> None:
        """Kill the host, if it has not ended."""
        if self.ending is None:
            self._server.kill_host()
            self._wait_for_end()
        self._free()

    @property
    def peak(self) -> int:
        """Bytes, the most that it was seen to hold."""
        return self._watch.peak

    @property
    def output(self) -> str:
        """The last that the tracker printed."""
        return self._output.decode("utf-8", errors="replace")

    def _hear(self) -> Answer | None:
        """Return the host's answer; None if what it sends is none."""
        try:
            message = wire.receive(self._channel)
            if message is None:
                return None
            self.kept_frames = bool(message.says.get("kept", True))
            return Answer(message.says["state"])
        except (OSError, wire.WireError, ValueError, KeyError):
            return None

    def _wait_for_end(self) -> None:
        with suppress(KeyError):  # at its end it is always ready, and nobody listens any more
            self._selector.unregister(self._channel)
        begun = time.monotonic()
        while self.ending is None:
            if time.monotonic() - begun > END_SECONDS:
                self._server.kill()
            ready = {key.fileobj for key, _ in self._selector.select(LOOK_SECONDS)}
            if self._pipe in ready:
                self._drain()
            if self._server.channel in ready:
                self._end(Reason.NONE)

    def _end(self, reason: Reason) -> None:
        code: int | None = None
        try:
            said = self._server.hear_ending()
            code = said["code"]
            self._watch.peak = max(self.peak, said["peak"])
        except (ServerLostError, OSError, wire.WireError, KeyError):
            reason = Reason.LOST if reason is Reason.NONE else reason
        self._drain()
        self.ending = self._watch.ending(reason, code, self._output)

    def _drain(self) -> None:
        """Read what has been printed, without waiting for more."""
        with suppress(BlockingIOError):
            for _ in range(_MOST_READS):  # it may print for ever
                part = os.read(self._pipe, 1 << 16)
                if not part:
                    break
                self._output = (self._output + part)[-OUTPUT_BYTES:]
                self._look(part)
            else:
                return
            if not self._silent:  # nobody can print any more
                self._silent = True
                self._selector.unregister(self._pipe)

    def _free(self) -> None:
        self._selector.close()
        self._channel.close()
        os.close(self._pipe)


def where(slot: int) -> str:
    """Return the stage of a host's work in words, for the beginning of a message."""
    return {BUILDING: "when it was built: ", CLOSING: "when it was closed: "}.get(slot, "")
