"""Files and folders that a tracker or a data set reads: by content, or by size and time."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from trackbench.plugins.hashing.tokens import UnhashableError, pack

MOST_FILES = 10_000
"""Of a folder that is hashed by content: beyond, it counts as something that cannot be hashed."""

MOST_STAMPS = 1_000_000
"""Of a folder of which only sizes and times are looked at."""

MOST_READ = 1 << 20
"""Bytes of a file that is read to compare it with another machine's: annotations have less."""

_PIECE = 1 << 20
_PICTURES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
_WORDS = frozenset({os.devnull, ""})
_SIGNS = "./~ "


class Named(Enum):
    """What a string or path stands for that names an existing file or folder."""

    CONTENT = "content"
    """The last part of its name, and the content of the file or of all files in the folder."""
    FILES = "files"
    """So of files; of folders the name alone, from the home of the code on."""
    STAMPS = "stamps"
    """The last part of its name, and sizes and modification times."""
    FILE_STAMPS = "file stamps"
    """So of files; of folders the name alone, from the home of the code on."""


def named_path(value: str | os.PathLike[str]) -> Path | None:
    """Return the existing file, folder or device that a value names; None if it names none.

    Relative names start from the working folder, ``~`` is the home folder. A string of nothing but
    dots, slashes and tildes is a sign, not a folder; nor is the null device a file.
    """
    text: Any = os.fspath(value)  # may be bytes
    if not isinstance(text, str) or text in _WORDS or "\0" in text or len(text) > 4096:
        return None
    if isinstance(value, str) and not text.strip(_SIGNS):
        return None
    try:
        path = Path(text).expanduser()
        path.stat()
    except (OSError, ValueError, RuntimeError):  # RuntimeError: nobody's home
        return None
    return path


def content_sha256(path: Path, most: int = MOST_FILES) -> str:
    """Return the SHA-256 of a file's bytes; of a folder, over names and content of all files in it.

    Args:
        path: a file or folder; links are followed.
        most: files and folders that there may be in it.

    Raises:
        UnhashableError: it cannot be read, changes meanwhile, holds too much, or is or holds
            something that is neither file nor folder, such as a pipe; that is never opened.
    """
    with _named_in_errors(path):
        if not path.is_dir():
            return _sha256(path)
        found = (
            (entry.name, "/" if entry.folder else _sha256(Path(entry.path)))
            for entry in _below(path, most)
        )
        return pack("folder", *(part for pair in found for part in pair)).hex()


def stamp_sha256(path: Path, most: int = MOST_STAMPS) -> str:
    """Return the SHA-256 over the names, sizes and modification times (ns) of files.

    Raises:
        UnhashableError: as with :func:`content_sha256`.
    """
    with _named_in_errors(path):
        if not path.is_dir():
            return pack("stamp", _stamp(path)).hex()
        found = (
            (entry.name, "/" if entry.folder else _stamp(entry.path))
            for entry in _below(path, most)
        )
        return pack("stamps", *(part for pair in found for part in pair)).hex()


def sizes_sha256(path: Path, most: int = MOST_STAMPS) -> str:
    """Return the SHA-256 over the names and sizes of files, and over what small ones hold.

    It is the same on another machine, where times are others, and Python has kept other modules.
    What is a picture by its name, or larger than :data:`MOST_READ`, is not read.

    Raises:
        UnhashableError: as with :func:`content_sha256`.
    """
    with _named_in_errors(path):
        if not path.is_dir():
            return pack("sizes", *_size_and_content(path)).hex()
        found = (
            (entry.name, *(("/",) if entry.folder else _size_and_content(Path(entry.path))))
            for entry in _below(path, most)
            if "__pycache__" not in entry.name.split("/")
        )
        return pack("sizes", *(part for each in found for part in each)).hex()


def _size_and_content(path: Path) -> tuple[str, str]:
    size = _stamp(path).partition(" ")[0]
    read = int(size) <= MOST_READ and path.suffix.lower() not in _PICTURES
    return size, _sha256(path) if read else ""


@contextmanager
def _named_in_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or path
        raise UnhashableError(f"{where} cannot be read ({error.strerror})") from error


def _stamp(path: str | Path) -> str:
    found = os.stat(path)  # noqa: PTH116 - of hundreds of thousands of files; pathlib takes its time
    if not stat.S_ISREG(found.st_mode):
        raise UnhashableError(f"{path} is neither a file nor a folder")
    return f"{found.st_size} {found.st_mtime_ns}"


def _sha256(path: Path) -> str:
    """Return a file's hash; taken once, as long as nothing is written to it."""
    found = path.stat()
    return _sha256_as_written(path, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)


@lru_cache(maxsize=4096)
def _sha256_as_written(path: Path, *_: int) -> str:
    before = _stamp(path)
    # What became a pipe since must not be waited for.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise UnhashableError(f"{path} is neither a file nor a folder")
        digest = hashlib.sha256()
        left = os.fstat(handle).st_size
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            digest.update(piece)
            left -= len(piece)
    if _stamp(path) != before:
        raise UnhashableError(f"{path} changes while it is read")
    return digest.hexdigest()


class _Entry(NamedTuple):  # of hundreds of thousands a dataclass takes its time
    """Something in a folder, by its name from there."""

    name: str
    path: str
    folder: bool


def _below(folder: Path, most: int) -> Iterator[_Entry]:
    """Yield what is in a folder, and in the folders in it, in the order of their names.

    Raises:
        UnhashableError: that is more than ``most``.
    """
    left = [("", os.fspath(folder), frozenset[str]())]
    count = 0
    while left:
        prefix, here, above = left.pop()
        way = above | {os.path.realpath(here)}
        below = []
        with os.scandir(here) as entries:
            listed = sorted(entries, key=attrgetter("name"))
        for entry in listed:
            count += 1
            if count > most:
                raise UnhashableError(f"{folder} holds more than {most} files")
            name = f"{prefix}{entry.name}"
            inner = entry.is_dir()
            yield _Entry(name, entry.path, inner)
            if inner and os.path.realpath(entry.path) not in way:  # a link may lead back up
                below.append((f"{name}/", entry.path, way))
        left += reversed(below)
