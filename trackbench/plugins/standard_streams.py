"""Standard input, output and error, put back where an author's module has closed or replaced them.

What a command says would be lost, and the next file that is opened would be written to instead.
"""

from __future__ import annotations

import fcntl
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO

_DESCRIPTORS = (0, 1, 2)
_NAMES = ("stdin", "stdout", "stderr")
_SAID = dict(zip((*_DESCRIPTORS, *_NAMES), (*_NAMES, *_NAMES), strict=True))
_OUT_OF_THE_WAY = 200
"""Copies have numbers from here on: modules that close "all" descriptors begin with the first."""


@dataclass(frozen=True)
class StandardStreams:
    """The standard streams of this process as they were.

    Attributes:
        copies: descriptor -> a copy of it; none of one that was closed.
        streams: name -> Python's object for it, of those that were open.
    """

    copies: dict[int, int]
    streams: dict[str, TextIO]

    @classmethod
    def now(cls) -> StandardStreams:
        """Return how they are now; :meth:`restore` ends it."""
        streams = {name: getattr(sys, name) for name in _NAMES}
        copies = {descriptor: _copy(descriptor) for descriptor in _DESCRIPTORS}
        return cls(
            {number: copy for number, copy in copies.items() if copy is not None},
            {name: held for name, held in streams.items() if _is_open(held)},
        )

    def restore(self) -> list[str]:
        """Put back what is another now; return the names of those that were closed."""
        closed = []
        for descriptor, copy in self.copies.items():
            before, now = _which(copy), _which(descriptor)
            closed += [descriptor] if now is None else []
            if before is None or before != now:
                with suppress(OSError):  # the copy was closed, too
                    os.dup2(copy, descriptor)
            with suppress(OSError):
                os.close(copy)
        gone = [name for name, held in self.streams.items() if not _is_open(held)]
        for name in gone:
            _open_again(name)
        return sorted({_SAID[each] for each in (*closed, *gone)}, key=_NAMES.index)


def _copy(descriptor: int) -> int | None:
    # The high number is beyond the limit where a process may have few descriptors.
    for least in (_OUT_OF_THE_WAY, 3):
        with suppress(OSError):
            return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, least)
    return None


def _which(descriptor: int) -> tuple[int, int] | None:
    with suppress(OSError):
        status = os.fstat(descriptor)
        return status.st_dev, status.st_ino
    return None


def _is_open(stream: TextIO | None) -> bool:
    return stream is not None and not getattr(stream, "closed", False)


def _open_again(name: str) -> None:
    number = _NAMES.index(name)
    with suppress(OSError):
        mode = "r" if number == 0 else "w"
        setattr(sys, name, open(number, mode, encoding="utf-8", errors="replace", closefd=False))  # noqa: SIM115 - it stays open as long as this process
