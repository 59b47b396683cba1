"""A function by its content: where it is written, and what its file does not say."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from types import CellType, FunctionType, ModuleType
from typing import Any

from trackbench.plugins.hashing.bytecode import bytecode_token, used_by
from trackbench.plugins.hashing.definitions import file_of, module_name, note_file, place_of
from trackbench.plugins.hashing.hashing_protocol import Hashing
from trackbench.plugins.hashing.source_file import ENVIRONMENT_NAMES
from trackbench.plugins.hashing.tokens import pack

_ANY_GLOBAL = frozenset({"globals", "eval", "exec", "vars"})
_OF_MODULE = frozenset(
    f"__{name}__"
    for name in ("name", "doc", "package", "spec", "loader", "path", "file", "builtins", "cached")
)
"""What Python puts into the globals of a module."""


def function_token(hashing: Hashing, function: FunctionType) -> bytes:
    """Return the hash of a function with what can be reached from it."""
    code, name = function.__code__, function.__qualname__
    local = "<locals>" in name or "<locals>" in code.co_qualname
    own = hashing.ownership.is_own(place_of(function))
    file = file_of(function)
    written = own and note_file(hashing, function.__globals__, file)
    parts = [pack("name", name)]
    if local or "<lambda>" in name or name.split(".")[-1] != code.co_name:
        hashing.unwritten = True
    if own and not written:
        hashing.unwritten = True
        parts.append(bytecode_token(code))
        with hashing.at(f"annotations of {name}"):
            parts.append(hashing.token(_annotations(function)))
    else:
        where = "" if file == str(hashing.home) else module_name(function.__globals__)
        parts.append(pack("written", where, code.co_qualname, str(code.co_firstlineno)))
        # Where several stand on one line, only the code says which it is.
        parts += [bytecode_token(code)] if code.co_name == "<lambda>" else []
    lenient = True if written and not local else None
    for what, given in (("default", function.__defaults__), ("keyword", function.__kwdefaults__)):
        with hashing.at(f"a {what} of {name}", lenient=lenient):
            parts.append(b"" if given is None else hashing.token(given))
    parts += _closure(hashing, function)
    with hashing.at(f"attributes of {name}", lenient=lenient):
        parts += [pack(key, hashing.token(item)) for key, item in sorted(vars(function).items())]
    if own:
        parts += _globals(hashing, function, lenient=True if written else None)
    return pack("function", *parts)


def _annotations(function: FunctionType) -> Any:
    """Return what Python has made of annotations: a dictionary, or a function that makes it."""
    lazy = getattr(function, "__annotate__", None)
    return lazy if sys.version_info >= (3, 14) else function.__annotations__


def _closure(hashing: Hashing, function: FunctionType) -> Iterator[bytes]:
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        with hashing.at(f"{name} in the closure of {function.__qualname__}"):
            yield pack(name, _content(hashing, cell))


def _content(hashing: Hashing, cell: CellType) -> bytes:
    try:
        return hashing.token(cell.cell_contents)
    except ValueError:  # not assigned yet
        return pack("empty")


def _globals(hashing: Hashing, function: FunctionType, *, lenient: bool | None) -> Iterator[bytes]:
    held = function.__globals__
    used = used_by(function.__code__)
    if lenient is None:  # code without a file, whose imports are looked at nowhere else
        hashing.modules.update(used.names, used.modules)
        hashing.words.update(used.strings)
        hashing.names_environment |= bool(ENVIRONMENT_NAMES & used.names)
    # A function that calls globals(), eval() or the like may use any of them.
    names = held.keys() if _ANY_GLOBAL & used.globals else used.globals & held.keys()
    for name in sorted(names - _OF_MODULE):
        value = held[name]
        with hashing.at(f"the global {name}", lenient=lenient):
            yield pack(name, _global(hashing, name, value, place_of(function)))
            if isinstance(value, ModuleType):
                yield from _members(hashing, value, used.names)
    for chain in sorted(used.chains):
        yield from _deeper(hashing, held, chain)


def _global(hashing: Hashing, name: str, value: Any, place: str) -> bytes:
    if isinstance(value, ModuleType):
        hashing.unwritten |= name not in {value.__name__, value.__name__.rpartition(".")[2]}
    elif isinstance(value, FunctionType | type):
        hashing.unwritten |= value.__qualname__ != name or value.__module__ != place
    return hashing.token(value)


def _members(hashing: Hashing, module: ModuleType, names: frozenset[str]) -> Iterator[bytes]:
    """Yield the hashes of the attributes of an author's module that code may use."""
    if hashing.ownership.is_own(module.__name__):
        for name in sorted(names & vars(module).keys() - _OF_MODULE):
            yield _member(hashing, module, name)


def _deeper(hashing: Hashing, held: Mapping[str, Any], chain: tuple[str, ...]) -> Iterator[bytes]:
    """Yield the hashes of the attributes that code uses of an author's module in a module."""
    module = held.get(chain[0])
    for depth, name in enumerate(chain[1:]):
        if not isinstance(module, ModuleType) or not hashing.ownership.is_own(module.__name__):
            return
        if depth and name in vars(module):
            yield _member(hashing, module, name)
        module = vars(module).get(name)


def _member(hashing: Hashing, module: ModuleType, name: str) -> bytes:
    with hashing.at(f"{module.__name__}.{name}", lenient=True):
        return pack(name, _global(hashing, name, vars(module)[name], module.__name__))
