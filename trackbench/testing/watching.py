"""A process that carries out steps, as its parent sees it: recordings, prints, and its end."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from trackbench.errors import RefusedBuildError
from trackbench.host import wire
from trackbench.running.deadline import Deadline
from trackbench.running.ending import Ending, Reason
from trackbench.testing.child import of_plain
from trackbench.testing.drawing import FRAMES
from trackbench.testing.endurance import SECONDS
from trackbench.testing.evidence import Act
from trackbench.testing.looking import FEWEST
from trackbench.testing.performing import PATIENCE_SECONDS
from trackbench.testing.place import Place
from trackbench.testing.recording import Kind, Stop
from trackbench.testing.script import Step, Task

LOOK_SECONDS = 0.1
OUTPUT_BYTES = 8 * 1024
GRACE_SECONDS = 5.0
START_SECONDS = 300.0
"""Seconds for importing the tracker and what it needs."""

Progress = Callable[[str, int, int], None]
"""Is called several times a second with the step's name, the frames answered in this process, and
about how many there will be."""


class Watched:
    """A process at work."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        channel: Any,
        output: int,
        place: Place,
        steps: tuple[Step, ...],
        timeout: float,
        progress: Progress,
    ) -> None:
        self._process, self._channel, self._output = process, channel, output
        self._place, self._steps = place, steps
        self._start, self._deadline = Deadline(START_SECONDS), Deadline(timeout)
        self._progress, self._begun = progress, time.monotonic()
        self._printed = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(channel, selectors.EVENT_READ)
        self._selector.register(output, selectors.EVENT_READ)

    def listen(self, act: Act) -> None:
        """Add to ``act`` what the process says until it ends, or is ended."""
        with self._selector:
            while True:
                ready = {key.fileobj for key, _ in self._selector.select(LOOK_SECONDS)}
                if self._output in ready:
                    self._drain()
                if self._channel in ready:
                    if not self._hear(act):
                        return
                    continue
                now = self._place.now
                self._progress(self._name(now.step), now.done, self._expected(act, now.done))
                deadline = self._start if now.step < 0 else self._deadline
                deadline.look(now.call, time.monotonic(), stopped=False)
                if deadline.over:
                    message = f"no answer within {deadline.timeout:g} s"
                    act.stop = self._stop(Kind.HUNG, message)
                    return

    def _expected(self, act: Act, done: int) -> int:
        """Return about how many frames there will be: videos and the long run may be cut."""
        rate = done / max(time.monotonic() - self._begun, LOOK_SECONDS)
        length = act.length or (FEWEST if rate * PATIENCE_SECONDS < FEWEST else FRAMES)
        long = [min(step.frames, round(rate * SECONDS)) for step in self._steps]
        videos = sum(step.task is not Task.ENDURE for step in self._steps)
        return max(done, videos * length + sum(long))

    def _hear(self, act: Act) -> bool:
        """Take one message; False: it was the last."""
        try:
            message = wire.receive(self._channel)
        except (OSError, wire.WireError):
            message = None
        if message is None:
            act.stop = self._stop(Kind.DIED, self._end())
            return False
        says = message.says
        if "refused" in says:
            raise RefusedBuildError(str(says["refused"]), str(says.get("detail", "")))
        if "finished" in says:
            return False
        try:
            act.recorded[str(says["step"])] = [of_plain(each) for each in says["recorded"]]
        except (KeyError, TypeError, ValueError, AttributeError):  # the tracker writes there, too
            act.stop = self._stop(Kind.DIED, "what its process says is no answer")
            return False
        return True

    def _end(self) -> str:
        """Return in words how the process has ended."""
        try:
            code = self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            return "its process has closed all files, and no longer answers"
        return Ending(Reason.NONE, code).message.removesuffix(", and again when it was repeated")

    def _stop(self, kind: Kind, message: str) -> Stop:
        self._drain()
        now = self._place.now
        step = self._steps[now.step] if 0 <= now.step < len(self._steps) else None
        clip = "" if step is None else ", ".join(step.clips)
        built = step is not None and now.frame >= 0
        return Stop(
            kind,
            clip,
            now.frame if built else None,
            message,
            self._printed.decode(errors="replace"),
        )

    def _name(self, step: int) -> str:
        return self._steps[step].name if 0 <= step < len(self._steps) else "start"

    def _drain(self) -> None:
        """Read what was printed; the end of it is kept."""
        with suppress(BlockingIOError):
            for _ in range(64):  # it may print for ever
                part = os.read(self._output, 1 << 16)
                if not part:
                    with suppress(KeyError):
                        self._selector.unregister(self._output)
                    return
                self._printed = (self._printed + part)[-OUTPUT_BYTES:]
