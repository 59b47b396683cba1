"""Messages between two processes: JSON, bytes and open files over a socket, and no objects.

What comes from a process that runs somebody's code is data to us: nothing is unpickled, and what is
no message is an error.
"""

from __future__ import annotations

import array
import json
import os
import socket
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

_PREFIX = struct.Struct("<II")  # bytes of JSON, open files
_LENGTHS = struct.Struct("<Q")  # bytes behind the JSON
_LONGEST_JSON = 1 << 24
_MOST_FILES = 8


class WireError(Exception):
    """What came is no message."""


class Message(NamedTuple):
    """One message: what it says, bytes behind it, open files with it."""

    says: dict[str, Any]
    payload: bytes
    files: list[int]


def pair() -> tuple[socket.socket, socket.socket]:
    """Return two connected sockets that wait as long as it takes.

    ``socket.setdefaulttimeout`` in somebody's code makes new ones otherwise, and non-blocking for
    whoever has the other end, too.
    """
    one, other = socket.socketpair()
    one.setblocking(True)
    other.setblocking(True)
    return one, other


def opened(descriptor: int) -> socket.socket:
    """Return the socket behind a descriptor; it waits as long as it takes."""
    channel = socket.socket(fileno=descriptor)
    channel.setblocking(True)
    return channel


def send(
    channel: socket.socket, says: dict[str, Any], payload: Any = b"", files: Sequence[int] = ()
) -> None:
    """Send a message.

    Args:
        channel: a stream socket of this machine.
        says: what JSON can hold.
        payload: bytes, or an object with a buffer of them.
        files: descriptors; the receiver gets its own.

    Raises:
        OSError: nobody listens.
    """
    text = json.dumps(says).encode()
    content = memoryview(payload).cast("B")
    head = _PREFIX.pack(len(text), len(files)) + _LENGTHS.pack(len(content))
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))] if files else []
    sent = channel.sendmsg([head, text], rights)
    if sent < len(head) + len(text):
        channel.sendall((head + text)[sent:])
    if len(content):
        channel.sendall(content)


def receive(channel: socket.socket) -> Message | None:
    """Wait for a message; None: the other side has gone.

    Raises:
        WireError: what came is no message.
        OSError: the socket is no longer one.
    """
    size = _PREFIX.size + _LENGTHS.size
    space = socket.CMSG_SPACE(_MOST_FILES * array.array("i").itemsize)
    try:
        head, rights, _, _ = channel.recvmsg(size, space, getattr(socket, "MSG_CMSG_CLOEXEC", 0))
    except ConnectionResetError:
        return None
    files = _files(rights)
    if not head:
        return None
    rest = _exactly(channel, size - len(head))
    if rest is None:
        return None
    head += rest
    (length, count), (behind,) = _PREFIX.unpack_from(head), _LENGTHS.unpack_from(head, _PREFIX.size)
    if length > _LONGEST_JSON or count != len(files):
        _close(files)
        raise WireError("what came is no message")
    text, payload = _exactly(channel, length), _exactly(channel, behind)
    if text is None or payload is None:
        _close(files)
        return None
    try:
        says = json.loads(text.decode())
    except (ValueError, RecursionError) as error:
        _close(files)
        raise WireError("what came is no message") from error
    if not isinstance(says, dict):
        _close(files)
        raise WireError("what came is no message")
    return Message(says, payload, files)


def _exactly(channel: socket.socket, count: int) -> bytes | None:
    parts = bytearray(count)
    view, got = memoryview(parts), 0
    while got < count:
        try:
            step = channel.recv_into(view[got:], min(count - got, 1 << 20))
        except ConnectionResetError:
            return None
        if not step:
            return None
        got += step
    return bytes(parts)


def _files(rights: Any) -> list[int]:
    found = array.array("i")
    for level, kind, content in rights:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            found.frombytes(content[: len(content) - len(content) % found.itemsize])
    return found.tolist()


def _close(files: list[int]) -> None:
    for file in files:
        os.close(file)
