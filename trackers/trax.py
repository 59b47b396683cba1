"""A tracker that is a program and talks TraX: ``trax:COMMAND``, and those of a ``trackers.ini``."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from trackbench.contracts import Answer, Boxes, Frame
from trackbench.errors import TrackbenchError
from trackbench.host import frame_files
from trackbench.host.families import rgb
from trackbench.trackers import trax_messages as messages
from trackbench.trackers.child_program import ChildProgram, ProgramError
from trackbench.trackers.named_files import check_reads
from trackbench.trackers.trax_messages import Message, MessageError

_KEPT_IMAGES = 2
"""The one in hand, and the one before, for a program that looks back."""


class TraxTracker:
    """Runs a program once for all its videos; one that ends with a video is started for each.

    Args:
        command: its words, the first a program by its path.
        environment: variables for it, beside those of this process.
        arguments: named arguments that it is handed in each video's first frame.
        folder: its working folder; None: this process's.
        timeout: seconds that it may take to say hello, and for each frame.
        restart: start it anew for each video, whatever it does.
        files: files that its command names in other ways; they count by content, and no more.
        reads: as ``files``, by the user's word all that it reads beside what its command names.

    Raises:
        TrackbenchError: it cannot be started, never says hello, or wants what is not there.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        arguments: Mapping[str, str] | None = None,
        folder: str | None = None,
        timeout: float = 30.0,
        restart: bool = False,
        files: Sequence[str] = (),
        reads: Sequence[str] | None = None,
    ) -> None:
        check_reads([*files, *(reads or ())])
        self._command, self._folder, self._timeout = command, folder, timeout
        self._environment = {"TRAX": "1", **(environment or {})}
        self._arguments = dict(arguments or {})
        self._restart, self._used, self._frame = restart, False, 0
        self._program: ChildProgram | None = None
        try:
            self._start()
        except ProgramError as error:
            raise TrackbenchError(str(error)) from error

    def __del__(self) -> None:
        """End the program."""
        with suppress(AttributeError, NameError):  # at the very end of a process
            self._stop()
        with suppress(AttributeError, NameError):
            frame_files.remove(os.getpid())

    def init(self, frame: Frame, box: Boxes) -> None:
        """Start on ``frame`` (H, W[, 3]) with the true ``box`` (4,), pixels.

        Raises:
            ProgramError: the program fails.
        """
        if self._restart and self._used:
            self._stop()
        if self._program is None or not self._program.alive:
            self._start()
        elif self._used:
            try:
                self._initialize(frame, box)
            except ProgramError:  # it is made for one video a process
                self._restart = True
                self._start()
            else:
                return
        self._initialize(frame, box)

    def update(self, frame: Frame) -> Answer | None:
        """Return the box (4,) in ``frame``, with its confidence if it says one; None: absent.

        Raises:
            ProgramError: the program fails.
        """
        self._ask(messages.written("frame", self._image(frame)))
        return self._state()

    def _start(self) -> None:
        self._stop()
        self._used = False
        program = ChildProgram(self._command, self._environment, self._folder, _is_message)
        self._program = program
        hello = self._hear("its hello (@@TRAX:hello)")
        if hello.name != "hello":
            raise program.failed(f"begins with {hello.name[:40]!r}, not with hello")
        said = hello.named
        self._version = said.get("trax.version", "1")
        self._images = _listed(said.get("trax.image", "path"))
        regions = _listed(said.get("trax.region", "rectangle"))
        for wanted, there, what in (
            ({"path", "memory", "data", "buffer"}, self._images, "images"),
            ({"rectangle", "polygon"}, regions, "regions"),
            ({"color"}, _listed(said.get("trax.channels", "color")), "channels"),
        ):
            if not wanted & there:
                asked = ", ".join(sorted(there)) or "nothing"
                raise program.failed(f"asks for {what} as {asked}: {' or '.join(sorted(wanted))}")
        self._region = messages.rectangle if "rectangle" in regions else messages.polygon
        if "vot" in said:  # made with vot.py, whose trackers end with their video
            self._restart = True

    def _initialize(self, frame: Frame, box: Boxes) -> None:
        again, self._used, self._frame = self._used, True, 0
        region, image = self._region(np.asarray(box, np.float64)), self._image(frame)
        if self._version >= "4":
            objects = [messages.written("initialize", region)]
            if again:
                objects.insert(0, messages.written("initialize"))  # it forgets those before
            self._ask(b"".join([*objects, messages.written("frame", image, **self._arguments)]))
        else:
            self._ask(messages.written("initialize", image, region, **self._arguments))
        self._state()

    def _state(self) -> Answer | None:
        message = self._hear("a state")
        assert self._program is not None  # noqa: S101 - it has just been heard
        if message.name == "quit":
            reason = message.named.get("trax.reason", "without a reason")
            raise self._program.failed(f"quits: {reason[:200]}")
        if message.name != "state":
            raise self._program.failed(f"sends {message.name[:40]!r} where a state is due")
        try:
            boxes = [messages.box_of(word) for word in message.words]
            confidence = messages.confidence_of(message)
        except MessageError as error:
            raise self._program.failed(f"breaks the TraX protocol: {error}") from error
        if len(boxes) != 1:
            raise self._program.failed(f"answers with {len(boxes)} regions, not with one")
        return Answer(boxes[0], confidence)

    def _image(self, frame: Frame) -> str:
        self._frame += 1
        height, width = frame.shape[:2]
        if "path" in self._images:
            folder = Path(frame_files.folder())
            path = folder / f"{self._frame:08d}.png"
            frame_files.write(str(path), frame)
            (folder / f"{self._frame - _KEPT_IMAGES:08d}.png").unlink(missing_ok=True)
            return f"file://{path}"
        if "memory" in self._images:
            content = base64.b64encode(rgb(frame).tobytes()).decode()
            return f"image:{width};{height};rgb;{content}"
        return f"data:image/png;base64;{base64.b64encode(frame_files.png(frame)).decode()}"

    def _ask(self, line: bytes) -> None:
        assert self._program is not None  # noqa: S101 - it was started
        self._program.ask(line)

    def _hear(self, due: str) -> Message:
        assert self._program is not None  # noqa: S101 - it was started
        try:
            return messages.read(self._program.hear(self._timeout, due))
        except MessageError as error:
            raise self._program.failed(f"breaks the TraX protocol: {error}") from error

    def _stop(self) -> None:
        program = getattr(self, "_program", None)
        self._program = None
        if program is not None:
            with suppress(ProgramError):
                if program.alive:
                    program.say(messages.written("quit"))
            program.close()


def _is_message(line: bytes) -> bool:
    return line.startswith(messages.PREFIX)


def _listed(formats: str) -> frozenset[str]:
    return frozenset(each for each in formats.split(";") if each)
