"""Strings in a pickle replaced, without loading it: what it names need not be importable here."""

from __future__ import annotations

import pickle
import pickletools
import struct
from collections.abc import Callable

_STRINGS = frozenset({"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"})
_LENGTH = struct.Struct("<Q")


def with_strings(payload: bytes, replaced: Callable[[str], str]) -> bytes:
    """Return pickles, one after the other, in which each string is what a function makes of it.

    Args:
        payload: pickles of protocol 2 or later, with nothing between them.
        replaced: is called with each string.
    """
    parts: list[bytes] = []
    start = 0
    while start < len(payload):
        stop = start + _one(payload[start:], replaced, parts)
        start = stop
    return b"".join(parts)


def _one(payload: bytes, replaced: Callable[[str], str], parts: list[bytes]) -> int:
    """Add a pickle to ``parts``; return how long it was."""
    codes = [(code.name, argument, at) for code, argument, at in pickletools.genops(payload)]
    ends = [int(at or 0) for _, _, at in codes[1:]]
    last = int(codes[-1][2] or 0) + len(pickle.STOP)
    for (name, argument, at), end in zip(codes, [*ends, last], strict=True):
        if name == "FRAME":  # it says how many bytes follow, and need not be there
            continue
        code = payload[int(at or 0) : end]
        if name in _STRINGS and (text := replaced(str(argument))) != argument:
            content = text.encode("utf-8", "surrogatepass")
            code = pickle.BINUNICODE8 + _LENGTH.pack(len(content)) + content
        parts.append(code)
    return last
