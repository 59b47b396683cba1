"""What a hash of content is built from: a digest for each kind of thing and its parts."""

from __future__ import annotations

import hashlib


class UnhashableError(Exception):
    """Something has no content that could be hashed; the message says what and why."""


def pack(kind: str, *parts: bytes | str) -> bytes:
    """Return the SHA-256 (32 bytes) over a kind and its parts, each with its length before it."""
    digest = hashlib.sha256(f"{kind} {len(parts)} ".encode())
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(f"{len(data)} ".encode())
        digest.update(data)
    return digest.digest()
