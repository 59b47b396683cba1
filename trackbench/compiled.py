"""What a class or a function does, told by its compiled code: for what is written in a notebook.

Pickles of it will not do: they differ from process to process.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
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

    Objects that it uses are told by their type alone, constants by their value.
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
        elif isinstance(value, list | dict) and not self.is_new(value):
            yield "again"
        elif isinstance(value, list | tuple):
            yield from self.all_of(type(value).__name__, value)
        elif isinstance(value, dict):
            yield from self.all_of("dict", (item for pair in value.items() for item in pair))
        elif isinstance(value, set | frozenset):  # in an order of its own in each process
            yield from ("set", *sorted("\n".join(self.parts(item)) for item in value))
        elif isinstance(value, CodeType):
            yield f"code {value.co_name} {value.co_code.hex()} {value.co_names}{value.co_varnames}"
            yield from self.all_of("constants", value.co_consts)
        elif isinstance(value, ModuleType):
            yield f"module {value.__name__}"
            self.modules.add(value.__name__)
        elif isinstance(value, type | FunctionType):
            yield from self.definition(value)
        elif isinstance(value, property):
            yield from self.all_of("property", (value.fget, value.fset, value.fdel))
        else:
            yield f"a {type(value).__module__}.{type(value).__qualname__}"

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
        elif callable(value) and hasattr(value, "__wrapped__"):
            value = inspect.unwrap(value)
        else:
            return value


def _looked_up(code: CodeType) -> set[str]:
    """Return the names that a function and the functions in it look up in their module."""
    here = {i.argval for i in dis.get_instructions(code) if i.opname in _LOOK_UPS}
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return here.union(*map(_looked_up, inner))
