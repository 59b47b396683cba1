"""What a class or a function does, told by its compiled code: for what is written in a notebook.

Pickles of it will not do: they differ from process to process.
"""

from __future__ import annotations

import dis
import hashlib
import pickle
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial, partialmethod
from types import CodeType, FunctionType, ModuleType
from typing import Any

_CONSTANTS = (bool, int, float, complex, str, bytes, type(None), type(Ellipsis))
_NOT_CODE = frozenset(
    {"__dict__", "__weakref__", "__module__", "__firstlineno__", "__static_attributes__"}
)
"""Attributes of a class that say nothing of what it does."""
_LOOK_UPS = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})


@dataclass
class Compiled:
    """The code of a factory and of what it uses from the module that it is written in.

    Attributes:
        text: the same for the same code, in every process of one version of Python.
        modules: names of the other modules it uses.
    """

    text: str
    modules: frozenset[str]


def compiled(factory: Any) -> Compiled:
    """Describe a class or function.

    An object that it uses, an array or a network, counts with its content where it can be pickled;
    else its type alone does.
    """
    walk = _Walk(factory.__module__)
    text = "\n".join(walk.parts(factory))
    return Compiled(text, frozenset(walk.modules))


@dataclass
class _Walk:
    module: str
    modules: set[str] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)

    def parts(self, value: Any) -> Iterator[str]:
        """Yield lines that describe ``value`` and, once, everything it refers to."""
        value = _bare(value)
        if isinstance(value, _CONSTANTS):
            yield repr(value)
        elif isinstance(value, list | tuple | dict | set | frozenset):
            yield from self.of_container(value)
        elif isinstance(value, CodeType):
            yield f"code {value.co_name} {value.co_code.hex()} {value.co_names}{value.co_varnames}"
            yield from self.all_of("constants", value.co_consts)
        elif isinstance(value, ModuleType):
            yield f"module {value.__name__}"
            self.modules.add(value.__name__)
        elif isinstance(value, type | FunctionType):
            yield from self.definition(value)
        elif isinstance(value, property | cached_property | partial | partialmethod):
            names = ("fget", "fset", "fdel", "func", "args", "keywords")
            yield from self.all_of(type(value).__name__, (getattr(value, n, None) for n in names))
        else:
            yield from self.definition(type(value))
            yield _content(value)

    def of_container(self, value: Any) -> Iterator[str]:
        if isinstance(value, list | dict) and not self.is_new(value):
            yield "again"
        elif isinstance(value, set | frozenset):  # in an order of its own in each process
            yield from ("set", *sorted("\n".join(self.parts(item)) for item in value))
        elif isinstance(value, dict):
            yield from self.all_of("dict", (item for pair in value.items() for item in pair))
        else:
            yield from self.all_of(type(value).__name__, value)

    def is_new(self, value: Any) -> bool:
        """Say whether it is met for the first time: what refers to itself has no end."""
        new = id(value) not in self.seen
        self.seen.add(id(value))
        return new

    def all_of(self, what: str, values: Iterable[Any]) -> Iterator[str]:
        yield what
        for value in values:
            yield from self.parts(value)
        yield "end"

    def definition(self, value: type | FunctionType) -> Iterator[str]:
        yield f"{value.__module__}.{value.__qualname__}"
        if value.__module__ != self.module:
            self.modules.add(value.__module__)
        elif self.is_new(value):
            yield from self.of_class(value) if isinstance(value, type) else self.of_function(value)

    def of_class(self, value: type) -> Iterator[str]:
        yield from self.all_of("bases", value.__bases__)
        for name, attribute in sorted(vars(value).items()):
            if name not in _NOT_CODE:
                yield from self.all_of(name, [attribute])

    def of_function(self, value: FunctionType) -> Iterator[str]:
        yield from self.parts(value.__code__)
        yield from self.all_of("defaults", [value.__defaults__, value.__kwdefaults__])
        for name, cell in zip(value.__code__.co_freevars, value.__closure__ or (), strict=True):
            with suppress(ValueError):  # not assigned yet
                yield from self.all_of(name, [cell.cell_contents])
        for name in sorted(_looked_up(value.__code__) & value.__globals__.keys()):
            yield from self.all_of(name, [value.__globals__[name]])


def _bare(value: Any) -> Any:
    """Return what stands behind a decorator of Python's own."""
    while True:
        if isinstance(value, staticmethod | classmethod):
            value = value.__func__
        elif not isinstance(value, FunctionType) and hasattr(value, "cache_info"):
            value = value.__wrapped__  # functools.lru_cache; a wrapper of Python has it as closure
        else:
            return value


def _content(value: Any) -> str:
    """Return the hash of what is in an object, or nothing where it cannot be told."""
    try:
        return hashlib.sha256(pickle.dumps(value, protocol=4)).hexdigest()
    except Exception:  # noqa: BLE001 - what cannot be pickled refuses in many ways
        return ""


def _looked_up(code: CodeType) -> set[str]:
    """Return the names that a function and the functions in it look up in their module."""
    here = {i.argval for i in dis.get_instructions(code) if i.opname in _LOOK_UPS}
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return here.union(*map(_looked_up, inner))
