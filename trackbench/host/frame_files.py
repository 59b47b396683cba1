"""Frames as image files, for trackers that are handed a path.

They lie in a folder of the host's own, which the server that it was forked from removes when the
host has ended, however it ended. A host of our own interpreter may have this module under two
names, and the folder is the same under both.
"""

from __future__ import annotations

import os
import shutil
import struct
import sys
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from .families import rgb

if TYPE_CHECKING:  # nothing of these is there in another's interpreter
    from trackbench.contracts import Frame

_TEMPORARY = os.environ.get("TMPDIR") or "/tmp"  # noqa: S108 - the name in it cannot be guessed
_first: Any = sys.modules.get("trackbench_host.frame_files")
ROOT: str = getattr(_first, "ROOT", None) or os.path.join(
    os.path.realpath(_TEMPORARY), f"trackbench-{os.urandom(8).hex()}"
)
"""Of all hosts of a server."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR = struct.Struct(">IIBBBBB")


def folder() -> str:
    """Return this process's folder; it is made, for nobody else to read."""
    found = os.path.join(ROOT, str(os.getpid()))
    os.makedirs(found, 0o700, exist_ok=True)
    return found


def remove(process: int) -> None:
    """Remove the folder of a process that has ended, or is about to."""
    shutil.rmtree(os.path.join(ROOT, str(process)), ignore_errors=True)
    with suppress(OSError):  # there was none, or others have theirs in it
        os.rmdir(ROOT)


def write(path: str, frame: Frame) -> None:
    """Write a frame (H, W[, 3]) to a file, as :func:`png` makes it."""
    with open(path, "wb") as file:
        file.write(png(frame))


def png(frame: Frame) -> bytes:
    """Return a frame (H, W[, 3]) as a PNG file: RGB, a grey one with three equal channels."""
    pixels = rgb(frame)
    height, width = pixels.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # a row begins with its filter: none
    rows[:, 1:] = pixels.reshape(height, -1)
    head = _COLOUR.pack(width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 1)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check
