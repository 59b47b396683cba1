"""An object's state: what pickling it would keep."""

from __future__ import annotations

import copyreg
import io
import sys
import threading
from enum import Enum
from pathlib import Path
from typing import Any

from trackbench.plugins.hashing.hashing_protocol import Hashing
from trackbench.plugins.hashing.leaf_hash import attributes_set_on
from trackbench.plugins.hashing.tokens import UnhashableError, pack

_PICKLING = frozenset({"__reduce__", "__reduce_ex__", "__getstate__"})
_HIDING = frozenset({"builtins", "mmap"})  # generators, files in memory


def state_token(hashing: Hashing, value: Any) -> bytes:
    """Return the hash of an object's state: what pickling it would keep."""
    kind = type(value)
    if isinstance(value, Enum):
        return pack("set on a member", hashing.pairs(attributes_set_on(value).items()))
    if isinstance(value, set | frozenset):
        return pack(
            "set", hashing.token(kind), *hashing.unordered(value), hashing.token(_vars(value))
        )
    if hashing.lenient and _says_what_is_pickled(hashing, kind) and hasattr(value, "__dict__"):
        return pack("held", hashing.token(kind), hashing.pairs(_vars(value).items()))  # not pickled
    reduce = copyreg.dispatch_table.get(kind)
    try:
        made: Any = reduce(value) if reduce is not None else value.__reduce_ex__(4)
    except Exception as error:
        why = str(error).partition("\n")[0] or type(error).__name__
        raise UnhashableError(f"a {type_name(value)} cannot be hashed ({why})") from error
    if isinstance(made, str):
        return pack("global", hashing.token(kind), made, str(getattr(value, "__module__", "")))
    hashing.keep(made)
    whole: tuple[Any, ...] = (*made, None, None, None, None)
    function, arguments, state, items, entries = whole[:5]
    return pack(
        "object",
        hashing.token(kind),
        hashing.token(function),
        hashing.token(arguments),
        _attributes(hashing, state),
        hashing.token(None if items is None else list(items)),
        hashing.token(None if entries is None else list(entries)),
    )


def _attributes(hashing: Hashing, state: Any) -> bytes:
    if type(state) is dict:
        return hashing.pairs(state.items())
    if type(state) is tuple and len(state) == 2 and isinstance(state[1], dict):
        return pack("slots", _attributes(hashing, state[0]), hashing.pairs(state[1].items()))
    return hashing.token(state)


def _says_what_is_pickled(hashing: Hashing, kind: type) -> bool:
    """Whether a class of the author's own says what pickling keeps of its objects."""
    return any(
        hashing.ownership.is_own(base.__module__) and _PICKLING & vars(base).keys()
        for base in kind.__mro__
    )


def _vars(value: Any) -> dict[str, Any]:
    return getattr(value, "__dict__", {})


def hides(value: Any) -> bool:
    """Whether an object may hold what no source says, as a file that is being read does."""
    if isinstance(value, io.IOBase):
        return not value.closed and value.readable() and not value.writable() and _is_file(value)
    kind = type(value)
    if issubclass(kind, type | BaseException | threading.local):
        return False
    top = kind.__module__.partition(".")[0]
    return top in _HIDING or top not in sys.stdlib_module_names


def _is_file(stream: Any) -> bool:
    return isinstance(name := getattr(stream, "name", None), str) and Path(name).is_file()


def type_name(value: Any) -> str:
    """Return the name of a value's type, for messages."""
    kind = type(value)
    return (
        kind.__name__
        if kind.__module__ in {"builtins", "__main__"}
        else f"{kind.__module__}.{kind.__name__}"
    )
