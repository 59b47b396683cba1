"""Values without parts: numbers, texts, bytes, members of enums, paths."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import Any

from trackbench.plugins.hashing.file_hash import Named, content_sha256, named_path, stamp_sha256
from trackbench.plugins.hashing.hashing_protocol import Hashing
from trackbench.plugins.hashing.tokens import number_text, pack

_LEAVES = frozenset({type(None), bool, int, float, complex, type(...), type(NotImplemented)})
_BYTES = frozenset({bytes, bytearray, memoryview})
_PATHS = frozenset({"pathlib", "pathlib._local", "posix", "nt"})


def leaf_token(hashing: Hashing, value: Any) -> bytes | None:
    """Return the hash of a number, text, path and the like; None of anything else.

    Args:
        hashing: the walk.
        value: anything.

    Raises:
        UnhashableError: a text or path names a file that cannot be hashed.
    """
    return _plain(hashing, value) or _named_value(hashing, value)


def attributes_set_on(member: Enum) -> dict[str, Any]:
    """Return the attributes of an enum's member that Python has not put there."""
    return {name: value for name, value in vars(member).items() if not name.endswith("_")}


def _plain(hashing: Hashing, value: Any) -> bytes | None:
    """Return the hash of a number, a text or bytes."""
    kind = type(value)
    if kind in _LEAVES:
        is_number = kind in {int, float, complex}
        return pack(kind.__name__, number_text(value) if is_number else repr(value))
    if kind is memoryview:
        form = repr((value.format, value.shape, value.readonly))
        return pack(kind.__name__, bytes(value), form)
    if kind in _BYTES:
        return pack(kind.__name__, bytes(value))
    if kind is str:
        return _text(hashing, value)
    return None


def _named_value(hashing: Hashing, value: Any) -> bytes | None:
    """Return the hash of an enum's member or of a path."""
    kind = type(value)
    if isinstance(value, Enum):
        parts = (hashing.token(kind), repr(value.name), hashing.token(value.value))
        return pack("member", *parts, *([hashing.node(value)] if attributes_set_on(value) else []))
    if isinstance(value, os.PathLike):
        path = pack("path", hashing.token(kind), _text(hashing, os.fsdecode(value), value))
        return path if kind.__module__ in _PATHS else pack("more", path, hashing.node(value))
    return None


def _text(hashing: Hashing, text: str, value: Any = None) -> bytes:
    path = named_path(text if value is None else value)
    if path is None:
        return pack("text", _from_home(hashing, text))
    hashing.paths.append(path)
    # A folder that is made or emptied meanwhile, such as that of the results, changes nothing.
    if hashing.named in {Named.FILES, Named.FILE_STAMPS} and path.is_dir():
        return pack("text", _from_home(hashing, text))
    name = Path(os.path.abspath(path)).name  # noqa: PTH100 - a link's own name is meant
    if hashing.named in {Named.STAMPS, Named.FILE_STAMPS}:
        return pack("stamp", name, stamp_sha256(path))
    return pack("file", name, content_sha256(path))


def _from_home(hashing: Hashing, text: str) -> str:
    return text.removeprefix(str(hashing.home.parent))
