"""A class or function that is in no file, as in a notebook, by the code that it consists of."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

import cloudpickle

_CLASS_ID = re.compile(rb"\x8c\x20[0-9a-f]{32}")
"""A string of 32 hexadecimal digits in a pickle: cloudpickle gives each class a random one."""


@dataclass(frozen=True)
class Compiled:
    """A factory with all that it uses: helpers, base classes, globals with their content.

    Attributes:
        sha256: the same when its cell, or its kernel, is run again. Where it is not, as with a set
            of strings among the globals, nothing worse comes of it than one more run.
        modules: names of the modules that it uses, and other names that may be some.
    """

    sha256: str
    modules: frozenset[str]


def compiled(factory: Any) -> Compiled | None:
    """Describe a class or function; None if it cannot be pickled, and so not be run, either."""
    content = io.BytesIO()
    pickler = _Pickler(content)
    try:
        pickler.dump(factory)
    except Exception:  # noqa: BLE001 - what cannot be pickled refuses in many ways
        return None
    told = _CLASS_ID.sub(b"", content.getvalue())
    return Compiled(hashlib.sha256(told).hexdigest(), frozenset(pickler.modules))


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]  # cloudpickle is not typed
    """Leaves out what differs from one run of the same code to the next; never to be loaded."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=4)
        self.modules: set[str] = set()

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, CodeType):
            self.modules.update(obj.co_names)  # what it imports when it is called, among others
            consts = tuple(_in_order(const) for const in obj.co_consts)
            bare = obj.replace(co_filename="", co_firstlineno=1, co_consts=consts)
            return self.dispatch_table[CodeType](bare)
        if isinstance(obj, ModuleType):
            self.modules.add(obj.__name__)
        elif isinstance(obj, type | FunctionType):
            self.modules.add(str(obj.__module__))
        return super().reducer_override(obj)


def _in_order(const: Any) -> Any:
    """Return a set's members in an order that is the same in every process."""
    return ("set", *sorted(map(repr, const))) if isinstance(const, frozenset) else const
