"""What libjpeg prints of an image that is damaged inside, and is decoded all the same.

Neither OpenCV nor Pillow hands it on: it is a line on the process's standard error, without the
name of the file, and the rest of the picture is grey or shifted. Where a process watches for it,
standard error is a file of its own for as long as an image is decoded.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import BinaryIO, TypeVar

ResultT = TypeVar("ResultT")

_STANDARD_ERROR = 2
_WAIT_SECONDS = 0.001
_COMPLAINT = re.compile(
    rb"[^\n]*(?:Corrupt JPEG data|Premature end of JPEG file|Inconsistent progression sequence)"
    rb"[^\n]*\n?"
)


class _Watch:
    """Standard error looked at while images are decoded, in any number of threads.

    Attributes:
        standard_error: a descriptor of where it really leads.
        users: how many blocks of :func:`watched` it is for.
    """

    def __init__(self) -> None:
        self.standard_error, self.users = _copy_of_standard_error(), 0
        self._file = _unnamed_file()
        self._said = self._file.fileno()
        self._turn, self._ended = Lock(), False
        self._decoding = 0
        self._to_repeat = 0

    def decoded(self, decode: Callable[[], ResultT]) -> tuple[ResultT, str]:
        """Return what ``decode`` returns, and the first complaint about it, or nothing.

        It is called twice where something was printed meanwhile, perhaps by another thread.
        """
        # Each frame goes through here: calls that take microseconds (fstat, Condition) are too slow
        with self._turn:
            watched, before = not self._ended, 0
            if watched:
                if self._decoding:
                    before = self._printed()
                else:
                    os.dup2(self._said, _STANDARD_ERROR)
                self._decoding += 1
        if not watched:  # what was to be decoded ahead, and nobody waits for any more
            return decode(), ""
        again = False
        try:
            result = decode()
            again = True
        finally:
            with self._turn:
                self._decoding -= 1
                after = self._printed()
                if not self._decoding:
                    os.dup2(self.standard_error, _STANDARD_ERROR)
                    if after:
                        self._pass_on()
                again = again and after != before
                self._to_repeat += again
        return self._decoded_alone(decode) if again else (result, "")

    def end(self) -> None:
        """Let what is being decoded come to its end, and close what is open.

        A thread may be decoding ahead. It must find standard error and the file where they are:
        their numbers would be those of other files by then.
        """
        with self._turn:
            self._ended = True
        while True:
            with self._turn:
                if not self._decoding and not self._to_repeat:
                    self._pass_on()  # a process that was started meanwhile may have printed
                    break
            time.sleep(_WAIT_SECONDS)
        self._file.close()
        os.close(self.standard_error)

    def go_on_in_a_fork(self) -> None:
        """Take a file of its own, for two processes would empty one for each other."""
        os.dup2(self.standard_error, _STANDARD_ERROR)
        self._file = _unnamed_file()
        self._said = self._file.fileno()
        self._turn = Lock()  # a thread that is not here may hold the other
        self._decoding = self._to_repeat = 0

    def _printed(self) -> int:
        """Return how many bytes are in the file: all its descriptors share one place in it."""
        return os.lseek(self._said, 0, os.SEEK_CUR)

    def _decoded_alone(self, decode: Callable[[], ResultT]) -> tuple[ResultT, str]:
        while True:
            with self._turn:  # nobody begins meanwhile
                if not self._decoding:
                    os.dup2(self._said, _STANDARD_ERROR)
                    complaint = ""
                    try:
                        result = decode()
                    finally:
                        os.dup2(self.standard_error, _STANDARD_ERROR)
                        complaint = self._pass_on()
                        self._to_repeat -= 1
                    return result, complaint
            time.sleep(_WAIT_SECONDS)

    def _pass_on(self) -> str:
        """Empty the file, print what is in it and no complaint, and return the first complaint."""
        os.lseek(self._said, 0, os.SEEK_SET)
        content = b""
        while piece := os.read(self._said, 1 << 16):
            content += piece
        os.ftruncate(self._said, 0)
        os.lseek(self._said, 0, os.SEEK_SET)
        if others := _COMPLAINT.sub(b"", content):
            with suppress(OSError):  # nobody reads it any more
                os.write(self.standard_error, others)
        found = _COMPLAINT.search(content)
        return found[0].decode("utf-8", "replace").strip() if found else ""


class _Here:
    """What this process has.

    Attributes:
        watch: the one there is.
        door: held while it begins or ends.
    """

    def __init__(self) -> None:
        self.watch: _Watch | None = None
        self.door = Lock()

    def go_on_in_a_fork(self) -> None:
        """Make sure that nothing is waited for or shared that is another process's."""
        self.door = Lock()
        if self.watch is not None:
            self.watch.go_on_in_a_fork()


_HERE = _Here()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_HERE.go_on_in_a_fork)


@contextmanager
def watched() -> Iterator[None]:
    """Have what decoders complain about in this process told to who decodes, while it lasts.

    Any number of blocks and threads may do so at once: it lasts as long as the last of them.
    """
    with _HERE.door:
        watch = _HERE.watch = _HERE.watch or _Watch()
        watch.users += 1
    try:
        yield
    finally:
        with _HERE.door:
            watch.users -= 1
            if not watch.users:
                _HERE.watch = None
                watch.end()


def decoded(decode: Callable[[], ResultT]) -> tuple[ResultT, str]:
    """Return what ``decode`` returns, and a complaint about it; nothing where nobody watches."""
    watch = _HERE.watch
    return (decode(), "") if watch is None else watch.decoded(decode)


def standard_error() -> int:
    """Return a descriptor of this process's standard error, for another process to print into.

    While an image is decoded, descriptor 2 may be something else.
    """
    watch = _HERE.watch
    return _STANDARD_ERROR if watch is None else watch.standard_error


def _copy_of_standard_error() -> int:
    try:
        return os.dup(_STANDARD_ERROR)
    except OSError:  # it is closed
        return os.open(os.devnull, os.O_WRONLY)


def _unnamed_file() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("complaints"), "w+b")
    return tempfile.TemporaryFile()
