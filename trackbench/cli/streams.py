"""Standard output and standard error that no reader, disk or encoding can make fail.

A command's exit code is its own verdict, whoever still listens. So what is written to a pipe whose
reader has gone, or to a terminal that was closed, is dropped without a word, and what a full disk
refuses is told once, at the end. It is done below everything that prints (Typer, Rich, the
interpreter's last flush), at the file descriptor, so that nothing has to think of it.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import select
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STDOUT, STDERR = 1, 2
ERRORS = "trackbench-ascii"
"""The name of the error handler that writes in ASCII what an encoding lacks."""

_ASCII = {"±": "+-", "–": "-", "…": "..."}
_NOBODY_READS = {errno.EPIPE, errno.ECONNRESET}
_NO_TERMINAL = {errno.EIO, errno.ENXIO}
"""What a terminal says that was closed; of a disk, it is an error."""


class Streams:
    """The process's standard streams, made safe as soon as this is built."""

    def __init__(self) -> None:
        codecs.register_error(ERRORS, _in_ascii)
        _fill_descriptors()
        self._out = _Descriptor(STDOUT)
        sys.stdout = _safe(sys.stdout, self._out)
        sys.stderr = _safe(sys.stderr, _Descriptor(STDERR))

    def finish(self) -> OSError | None:
        """Write out what is left; return why standard output lacks something that was printed."""
        sys.stdout.flush()
        sys.stderr.flush()
        return self._out.failure


def _fill_descriptors() -> None:
    """Open those of 0, 1 and 2 that are closed: else the next file that is opened becomes one."""
    for descriptor in (0, STDOUT, STDERR):
        try:
            os.fstat(descriptor)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # the lowest that is free, which is this one
            if opened == descriptor:
                os.set_inheritable(opened, True)  # children need them as much
            else:
                os.dup2(opened, descriptor)
                os.close(opened)


def _safe(stream: TextIO | None, raw: _Descriptor) -> TextIO:
    """Return ``stream`` over ``raw``; what is not the process's own stream stays as it is."""
    if stream is None:  # it was closed when the interpreter started
        return Path(os.devnull).open("w", encoding="utf-8", errors=ERRORS)
    try:
        own = isinstance(stream, io.TextIOWrapper) and stream.fileno() == raw.fileno()
    except (OSError, ValueError):  # a test's or a notebook's stream has no descriptor
        own = False
    if not own:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ERRORS)
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=ERRORS,
        line_buffering=raw.isatty() or raw.fileno() == STDERR,
        write_through=raw.fileno() == STDERR,
    )


class _Descriptor(io.RawIOBase):
    """A file descriptor that takes whatever is written, and remembers the first failure."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._terminal = os.isatty(descriptor)
        self._lost = False
        self.failure: OSError | None = None

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return self._terminal and not self._lost

    def write(self, data: ReadableBuffer, /) -> int:
        while not self._lost:
            try:
                return os.write(self._descriptor, data)
            except BlockingIOError:  # somebody made our end of the pipe non-blocking
                wait = select.poll()
                wait.register(self._descriptor, select.POLLOUT)
                wait.poll()
            except OSError as error:
                self._lose(error)
        return memoryview(data).nbytes

    def _lose(self, error: OSError) -> None:
        """Write nowhere from now on; libraries and children that use the descriptor as well."""
        self._lost = True
        gone = error.errno in _NOBODY_READS or (self._terminal and error.errno in _NO_TERMINAL)
        self.failure = None if gone else error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._descriptor)
        os.close(nowhere)


def _in_ascii(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(map(_ascii, lacking)), error.end


def _ascii(character: str) -> str:
    if "\ud800" <= character <= "\udfff":  # a byte of a file's name that is no text
        return repr(character)[1:-1]
    return _ASCII.get(character, "?")
