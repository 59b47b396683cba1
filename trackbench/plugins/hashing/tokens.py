"""What a hash of content is built from: a digest for each kind of thing and its parts."""

from __future__ import annotations

import hashlib
import math
import struct
from typing import Any

_PLAIN_NAN = struct.pack("<d", math.nan)


class UnhashableError(Exception):
    """Something has no content that could be hashed; the message says what and why."""


def pack(kind: str, *parts: bytes | str) -> bytes:
    """Return the SHA-256 (32 bytes) over a kind and its parts, each with its length before it."""
    digest = hashlib.sha256(f"{kind} {len(parts)} ".encode())
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(b"%d %b" % (len(data), data))
    return digest.digest()


def number_text(number: Any) -> str:
    """Return a number of Python's as a text that says every bit of it.

    There are many NaN: of one that is not the usual the bits are in it.
    """
    if type(number) is int:
        return f"{number:x}"
    if isinstance(number, complex) and not (
        is_said_by_text(number.real) and is_said_by_text(number.imag)
    ):
        return f"complex({number_text(number.real)}, {number_text(number.imag)})"
    if isinstance(number, float) and not is_said_by_text(number):
        return f"nan {struct.pack('<d', number).hex()}"
    return repr(number)


def is_said_by_text(number: float) -> bool:
    """Whether the text that Python makes of a number says all of it: there are many NaN."""
    return not math.isnan(number) or struct.pack("<d", number) == _PLAIN_NAN
