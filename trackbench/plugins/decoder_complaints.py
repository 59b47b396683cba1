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
    """

    def __init__(self, standard_error: int, said: BinaryIO) -> None:
        self.standard_error, self._said = standard_error, said.fileno()
        self._turn, self._decoding = Lock(), 0

    def decoded(self, decode: Callable[[], ResultT]) -> tuple[ResultT, str]:
        """Return what ``decode`` returns, and the first complaint about it, or nothing.

        It is called twice where something was printed meanwhile, perhaps by another thread.
        """
        # Each frame goes through here: calls that take microseconds (fstat, Condition) are too slow
        with self._turn:
            if self._decoding:
                before = self._printed()
            else:
                before = 0
                os.dup2(self._said, _STANDARD_ERROR)
            self._decoding += 1
        try:
            result = decode()
        finally:
            with self._turn:
                self._decoding -= 1
                after = self._printed()
                if not self._decoding:
                    os.dup2(self.standard_error, _STANDARD_ERROR)
                    if after:
                        self._pass_on()
        return (result, "") if after == before else self._decoded_alone(decode)

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


_watches: list[_Watch] = []


@contextmanager
def watched() -> Iterator[None]:
    """Have what decoders complain about in this process told to who decodes, while it lasts."""
    if _watches:
        yield
        return
    real = _copy_of_standard_error()
    try:
        with _unnamed_file() as said:
            _watches.append(_Watch(real, said))
            try:
                yield
            finally:
                _watches.clear()
    finally:
        os.close(real)


def decoded(decode: Callable[[], ResultT]) -> tuple[ResultT, str]:
    """Return what ``decode`` returns, and a complaint about it; nothing where nobody watches."""
    return _watches[0].decoded(decode) if _watches else (decode(), "")


def standard_error() -> int:
    """Return a descriptor of this process's standard error, for another process to print into.

    While an image is decoded, descriptor 2 may be something else.
    """
    return _watches[0].standard_error if _watches else _STANDARD_ERROR


def _copy_of_standard_error() -> int:
    try:
        return os.dup(_STANDARD_ERROR)
    except OSError:  # it is closed
        return os.open(os.devnull, os.O_WRONLY)


def _unnamed_file() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("complaints"), "w+b")
    return tempfile.TemporaryFile()
