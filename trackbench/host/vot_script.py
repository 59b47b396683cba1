"""A script that is written for the VOT toolkit's ``vot.py``, run as it is, once for each video.

It runs in a thread of the host, with a module ``vot`` of ours in the place of theirs: where it asks
for an image it waits until there is one, and where it asks for the next its answer is complete.
What it imports is imported once. Both ways to write such a script are there: ``vot.VOT(...)`` with
``region``, ``frame`` and ``report``, and ``vot.VOTManager(factory, ...).run()``; ``report`` takes a
confidence, as it did until 2023 and as trackers go on giving it.

Source: votchallenge/integration, ``python/vot.py``.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import types
from contextlib import suppress
from typing import TYPE_CHECKING, Any, List, Optional

import numpy as np

from . import frame_files
from .loading import BuildError
from .vot_module import ScriptError, vot_module

if TYPE_CHECKING:  # nothing of these is there in another's interpreter
    from trackbench.contracts import Boxes, Frame

_KEPT_IMAGES = 2
"""The one in hand, and the one before, for a script that looks back."""


class VotScript:
    """Runs a script.

    Args:
        script: its file.
        arguments: of its command line.
        reads: files that it reads while it runs; they count by content, and no more.

    Raises:
        BuildError: it never asks for a video.
        Exception: whatever it raises before it does.
    """

    def __init__(
        self, script: str, arguments: Optional[List[str]] = None, reads: Optional[List[str]] = None
    ) -> None:
        del reads
        self._script, self._arguments = script, list(arguments or [])
        self._name = os.path.basename(script)
        self._begin()
        if self._talk.ended:
            raise BuildError(f"{self._name} ends without a vot.VOT(...): is it a VOT script?")

    def init(self, frame: Frame, box: Boxes) -> None:
        """Start on a frame (H, W[, 3]) with the true box (4,)."""
        if self._talk.begun:
            self._talk.tell(None)  # it has seen the last image, and ends
            if not self._talk.ended:
                raise ScriptError(f"{self._name} asks for more images when there are none")
            self._begin()
        self._frame = 0
        self._talk.tell((self._image(frame), np.array(box)))
        if not self._talk.wants_image:
            raise ScriptError(f"{self._name} ended before it asked for the second image")

    def update(self, frame: Frame) -> Any:
        """Return what the script reports, with its confidence if it says one."""
        if self._talk.ended:
            raise ScriptError(f"{self._name} has ended, and there are images left")
        self._talk.tell(self._image(frame))
        if self._talk.reported is None:
            raise ScriptError(f"{self._name} asked for the next image, and reported nothing")
        return self._talk.reported

    def _begin(self) -> None:
        self._talk = _Talk()
        module = types.ModuleType("__main__")
        module.__file__ = self._script
        with open(self._script, "rb") as file:
            code = compile(file.read(), self._script, "exec")
        sys.argv[:] = [self._script, *self._arguments]
        sys.modules["__main__"] = module
        sys.modules["vot"] = vot_module(self._talk)
        threading.Thread(
            target=self._talk.run, args=(code, module.__dict__), daemon=True, name="script"
        ).start()
        self._talk.wait()

    def _image(self, frame: Frame) -> str:
        self._frame += 1
        folder = frame_files.folder()
        path = os.path.join(folder, f"{self._frame:08d}.png")
        frame_files.write(path, frame)
        with suppress(OSError):
            os.remove(os.path.join(folder, f"{self._frame - _KEPT_IMAGES:08d}.png"))
        return path


class _Talk:
    """What the host and the script's thread say to one another; one of them waits at a time.

    Attributes:
        begun: the script has been handed a video.
        wants_image: it waits for an image.
        ended: it has come to its end.
        reported: its answer to the last image; None: there is none.
    """

    def __init__(self) -> None:
        self.begun = self.wants_image = self.ended = False
        self.reported: Any = None
        self._error: Optional[BaseException] = None
        self._to_script: queue.Queue[Any] = queue.Queue()
        self._to_host: queue.Queue[None] = queue.Queue()

    def tell(self, what: Any) -> None:
        """Hand something to the script, and wait until it asks for more, or ends."""
        self.begun, self.wants_image, self.reported = True, False, None
        self._to_script.put(what)
        self.wait()

    def wait(self) -> None:
        """Wait for the script.

        Raises:
            BaseException: what it raised.
        """
        self._to_host.get()
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def run(self, code: Any, names: Any) -> None:
        """Execute the script, in its own thread."""
        try:
            exec(code, names)  # noqa: S102 - this is what running it does
        except SystemExit as error:
            if error.code not in (None, 0):
                self._error = ScriptError(f"the script ended with sys.exit({error.code!r})")
        except BaseException as error:  # noqa: BLE001 - the author's code may raise anything
            self._error = error
        self.ended = True
        self._to_host.put(None)

    def ask(self) -> Any:
        """Return what the host hands over next; called by the script."""
        self.wants_image = self.begun
        self._to_host.put(None)
        return self._to_script.get()
