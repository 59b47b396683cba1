"""Files that others may have written, read without trusting them.

A pipe has no end, a device no size, a file of gigabytes no room, and JSON can be nested until the
interpreter gives up. Each is refused in one line that names the file and never repeats its content.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trackbench.errors import DamagedFileError
from trackbench.printing.text import quoted

DEEPEST = 64
"""Levels of JSON inside each other; what we write has fewer than ten."""

MOST_DIGITS = 300
"""Of an integer: more is beyond what a float can hold, and is no number of ours."""

_KINDS: dict[Callable[[int], bool], str] = {
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
    stat.S_ISLNK: "a symbolic link",
}


def read_bytes(path: Path, limit: int, what: str, *, links: bool = True) -> bytes:
    """Return the content of a regular file.

    Args:
        path: the file.
        limit: bytes that it may have.
        what: it should be, for messages: ``"a baseline"``.
        links: whether the path itself may be a symbolic link.

    Raises:
        DamagedFileError: there is no such file, it is no regular one, cannot be read, or is larger
            than ``limit``. Its ``__cause__`` is the :class:`OSError`, where there was one.
    """
    try:
        # Looked at before it is opened, because opening alone makes some devices act; and again
        # when it is open, because it may have become another one meanwhile.
        _check_regular(path, path.stat() if links else path.lstat(), what)
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
        handle = os.open(path, flags if links else flags | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(handle)
            _check_regular(path, found, what)
            if found.st_size > limit:
                raise _too_large(path, limit, what)
            # Not up to the limit at once: as much memory would be asked for.
            content = file.read(found.st_size + 1)
            if len(content) > found.st_size:
                content += file.read(limit + 1 - len(content))
    except OSError as error:
        raise DamagedFileError(f"{path} cannot be read: {_reason(error)}") from error
    except ValueError as error:  # a zero byte, or a character that no file's name can have
        raise DamagedFileError(f"{path} cannot be read: no file has such a name") from error
    if len(content) > limit:  # it grew, or lies where files state no size
        raise _too_large(path, limit, what)
    return content


def read_text(path: Path, limit: int, what: str, *, links: bool = True) -> str:
    """Return the text of a regular file in UTF-8; for the rest see :func:`read_bytes`.

    Raises:
        DamagedFileError: as :func:`read_bytes`, or it is no text in UTF-8.
    """
    content = read_bytes(path, limit, what, links=links)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DamagedFileError(f"{path} is not {what}: it is in UTF-16; save it as UTF-8")
    if content.startswith(b"\xef\xbb\xbf"):
        raise DamagedFileError(
            f"{path} is not {what}: it begins with a byte order mark; save it as UTF-8 without one"
        )
    if (zero := content.find(0)) >= 0:
        raise DamagedFileError(f"{path} is not {what}: its byte {zero} is zero")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise DamagedFileError(
            f"{path} is not {what}: its byte {error.start} is no text in UTF-8"
        ) from error


def read_json(
    path: Path, limit: int, what: str, *, links: bool = True, finite: bool = False
) -> Any:
    """Return what a regular file holds in JSON: :func:`read_text`, then :func:`parse_json`."""
    text = read_text(path, limit, what, links=links)
    return parse_json(text, f"{path} is not {what}", finite=finite)


def parse_json(text: str, what: str, *, finite: bool = False) -> Any:
    """Return what a JSON text says.

    Args:
        text: of JSON.
        what: begins the message of every error, which ends in the reason: ``"a.json is not ..."``.
        finite: refuse NaN, infinity and numbers too large for a float.

    Raises:
        DamagedFileError: it is no JSON, names a key of an object twice, is nested deeper than
            :data:`DEEPEST`, or has a number that no float or integer of ours can be.
    """

    def number(digits: str) -> float:
        value = float(digits)
        if finite and value in {float("inf"), float("-inf")}:
            raise _RefusedError(f"the number {quoted(digits)} is too large")
        return value

    def constant(name: str) -> float:
        if finite:
            raise _RefusedError(f"it holds {name}, which is no number")
        return float(name)

    try:
        found = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=number,
            parse_constant=constant,
        )
        _check_depth(found)
    except RecursionError as error:
        raise DamagedFileError(f"{what}: it is nested too deeply") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise DamagedFileError(f"{what}: at {place} it is no JSON ({error.msg})") from error
    except _RefusedError as error:
        raise DamagedFileError(f"{what}: {error}") from error
    return found


class _RefusedError(Exception):
    """What is valid JSON and still refused; the message is the reason."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for i, name in enumerate(names) if name in names[:i])
        raise _RefusedError(f"it names {quoted(twice)} twice")
    return made


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise _RefusedError(f"it holds an integer of {len(digits)} digits")
    return int(digits)


def _check_depth(found: Any) -> None:
    level = [found]
    for _ in range(DEEPEST):
        level = [
            item
            for value in level
            if isinstance(value, dict | list)
            for item in (value.values() if isinstance(value, dict) else value)
            if isinstance(item, dict | list)
        ]
        if not level:
            return
    raise _RefusedError(f"it is nested more than {DEEPEST} levels deep")


def _check_regular(path: Path, found: os.stat_result, what: str) -> None:
    if stat.S_ISREG(found.st_mode):
        return
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    kind = next((name for is_it, name in _KINDS.items() if is_it(found.st_mode)), "no file")
    raise DamagedFileError(f"{path} is not {what}: it is {kind}")


def _too_large(path: Path, limit: int, what: str) -> DamagedFileError:
    return DamagedFileError(f"{path} is not {what}: it is larger than {_size(limit)}")


def _size(count: int) -> str:
    for unit, factor in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= factor:
            return f"{count / factor:g} {unit}"
    return f"{count} bytes"


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return "you have no permission"
        case errno.ELOOP:
            return "it is a symbolic link that is not followed, or that leads back to itself"
        case errno.ENAMETOOLONG:
            return "its name is too long"
        case errno.ENOTDIR:
            return "a part of its path is no directory"
    return error.strerror or type(error).__name__
