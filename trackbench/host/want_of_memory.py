"""Whether an error, or the last words of a process, are about memory that could not be had.

Python has MemoryError for it. The system has an error of its own, libraries have words (torch
raises a RuntimeError, OpenCV its own error), a library in C++ aborts, and a program may raise
another error of it.
"""

from __future__ import annotations

import errno

_WORDS = (
    "cannot allocate memory",
    "can't allocate memory",
    "insufficient memory",
    "not enough memory",
    "out of memory",
    "std::bad_alloc",
    "memoryerror",
)
"""In small letters, as glibc, torch, OpenCV, CUDA, the C++ library and Python say it."""


def is_for_memory(error: BaseException) -> bool:
    """Whether an error, or one that it was raised of or after, is for want of memory.

    Args:
        error: any; its text is not asked for where its class says enough.

    Raises:
        BaseException: whatever the author's code raises when it is asked for an error's text.
    """
    found: list[BaseException] = [error]
    seen: set[int] = set()
    while found:
        one = found.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, MemoryError):
            return True
        if isinstance(one, OSError) and one.errno == errno.ENOMEM:
            return True
        if isinstance(one, Exception) and says_so(str(one)):
            return True
        found.extend(e for e in (one.__cause__, one.__context__) if e is not None)
    return False


def says_so(text: str) -> bool:
    """Whether a text has the words in which libraries say that memory could not be had."""
    small = text.lower()
    return any(words in small for words in _WORDS)
