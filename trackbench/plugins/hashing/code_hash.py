"""Functions, classes and modules by their content.

What is written in a file is named, and the file is noted: it is hashed as a whole. Told besides is
what the file does not say: closures, defaults, attributes, and the globals that a function names,
as they are now. Code in no file, as in a notebook, is told itself. Of what is installed the name
is enough.
"""

from __future__ import annotations

import functools
import os
import random
import sys
import weakref
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from enum import Enum
from pathlib import Path
from types import (
    CellType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any, Protocol

from trackbench.plugins.hashing.bytecode import bytecode_token, codes_of, used_by
from trackbench.plugins.hashing.own_files import ENVIRONMENT_NAMES, Ownership
from trackbench.plugins.hashing.tokens import pack

_LRU = type(functools.lru_cache(lambda: None))
_WEAK = (weakref.WeakKeyDictionary, weakref.WeakValueDictionary, weakref.WeakSet)
_ANY_GLOBAL = frozenset({"globals", "eval", "exec", "vars"})
_PICKLED = "<dynamic-code>"  # cloudpickle's
_OF_MODULE = frozenset(
    f"__{name}__"
    for name in ("name", "doc", "package", "spec", "loader", "path", "file", "builtins", "cached")
)
_OF_CLASS = frozenset(
    f"__{name}__"
    for name in (
        *("dict", "weakref", "module", "firstlineno", "static_attributes", "annotations_cache"),
        *("abstractmethods", "parameters", "doc", "qualname", "conditional_annotations"),
        "slotnames",
    )
) | {"_abc_impl"}
"""What Python puts into a class, some of it not before the class is used."""


class Hashing(Protocol):
    """What is needed of :class:`trackbench.plugins.hashing.content_hash.Content`."""

    ownership: Ownership
    home: Path
    files: dict[Path, tuple[str, str]]
    noted: dict[str, bool]
    modules: set[str]
    words: set[str]
    asks: bool
    told: bool
    lenient: bool

    def token(self, value: Any) -> bytes: ...  # noqa: D102 - described there
    def node(self, value: Any) -> bytes: ...  # noqa: D102
    def at(self, label: str, *, lenient: bool | None = None) -> AbstractContextManager[None]: ...  # noqa: D102


def code_token(hashing: Hashing, value: Any) -> bytes | None:
    """Return the hash or number of what has to do with code; None of anything else."""
    if isinstance(value, FunctionType | type):
        return _named(hashing, value) or hashing.node(value)
    if isinstance(value, ModuleType):
        return _module(hashing, value)
    if isinstance(value, CodeType):
        return bytecode_token(value)
    if hashing.lenient and _draws_from_shared(value):
        return pack("draws", str(value.__name__))
    return _of_function(hashing, value) or _weak(hashing, value)


def _of_function(hashing: Hashing, value: Any) -> bytes | None:
    """Return the hash of what is made of functions."""
    if isinstance(value, MethodType):
        return pack("method", hashing.token(value.__func__), hashing.token(value.__self__))
    if isinstance(value, staticmethod | classmethod):
        return pack(type(value).__name__, hashing.token(value.__func__))
    if type(value) is property:
        parts = (value.fget, value.fset, value.fdel)
        return pack("property", *(b"" if part is None else hashing.token(part) for part in parts))
    if isinstance(value, functools.cached_property):  # holds a lock
        return pack("cached", hashing.token(value.func), str(value.attrname))
    if isinstance(value, _LRU):  # what is cached decides nothing
        sizes = repr(value.cache_parameters())
        return pack("lru", hashing.token(value.__wrapped__), sizes)
    return None


def _draws_from_shared(value: Any) -> bool:
    """Whether it is a method of a generator that a whole process shares, such as random.random.

    What a file imports of these is there again in a host, where they begin from a known seed: how
    far they are here decides nothing.
    """
    generator = getattr(value, "__self__", None)
    numpy = getattr(sys.modules.get("numpy.random.mtrand"), "_rand", None)
    shared = (getattr(random.random, "__self__", None), numpy)
    return generator is not None and any(generator is each for each in shared)


def _weak(hashing: Hashing, value: Any) -> bytes | None:
    """Return the hash of a weak reference; weak collections are caches, and decide nothing."""
    if isinstance(value, weakref.ref):
        return pack("weak", hashing.token(value()))
    if type(value) in _WEAK:
        return pack("weak", type(value).__name__)
    return None


def described(hashing: Hashing, value: Any) -> bytes | None:
    """Return the hash of a function or class with what can be reached from it."""
    if isinstance(value, FunctionType):
        return _function(hashing, value)
    return _class(hashing, value) if isinstance(value, type) else None


def _named(hashing: Hashing, value: Any) -> bytes | None:
    """Return the hash of the name of what is installed and found under its name."""
    module, name = module_of(value), value.__qualname__
    if hashing.ownership.is_own(module) or _is_own_function(hashing, value):
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    is_static = isinstance(value, type) and not value.__flags__ & (1 << 9)  # written in C
    return pack("named", module, name) if found is value or is_static else None


def are_names(value: Any) -> bool:
    """Whether a class's attribute ``files`` says which files it reads."""
    listed = value if isinstance(value, list | tuple) else (value,)
    return all(isinstance(name, str | os.PathLike) for name in listed)


def module_of(value: Any) -> str:
    """Return the name of the module of a class or function; "" where it has none."""
    name = getattr(value, "__module__", None)
    return name if isinstance(name, str) else ""


def _is_own_function(hashing: Hashing, value: Any) -> bool:
    """Whether a function is the author's: a wrapper says the name of what it wraps."""
    return isinstance(value, FunctionType) and hashing.ownership.is_own(_place(value))


def _place(function: FunctionType) -> str:
    return str(function.__globals__.get("__name__", "__main__"))


def _module(hashing: Hashing, module: ModuleType) -> bytes:
    if hashing.ownership.is_own(module.__name__):
        hashing.modules.add(module.__name__)
        _note(hashing, vars(module), getattr(module, "__file__", None))
    return pack("module", module.__name__)


def _function(hashing: Hashing, function: FunctionType) -> bytes:
    code, name = function.__code__, function.__qualname__
    local = "<locals>" in name or "<locals>" in code.co_qualname
    own = hashing.ownership.is_own(_place(function))
    file = _file_of(function)
    written = own and _note(hashing, function.__globals__, file)
    parts = [pack("name", name)]
    if local or "<lambda>" in name or name.split(".")[-1] != code.co_name:
        hashing.told = True
    if own and not written:
        hashing.told = True
        parts.append(bytecode_token(code))
        with hashing.at(f"annotations of {name}"):
            parts.append(hashing.token(_annotations(function)))
    else:
        where = "" if file == str(hashing.home) else _module_name(function.__globals__)
        parts.append(pack("written", where, code.co_qualname, str(code.co_firstlineno)))
        # Of several on one line only the code says which.
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
    if lenient is None:  # code without a file: nobody else looks at its imports
        hashing.modules.update(used.names, used.modules)
        hashing.words.update(used.strings)
        hashing.asks |= bool(ENVIRONMENT_NAMES & used.names)
    # By globals() and alike it may use any of them.
    names = held.keys() if _ANY_GLOBAL & used.globals else used.globals & held.keys()
    for name in sorted(names - _OF_MODULE):
        value = held[name]
        with hashing.at(f"the global {name}", lenient=lenient):
            yield pack(name, _global(hashing, name, value, _place(function)))
            if isinstance(value, ModuleType):
                yield from _members(hashing, value, used.names)
    for chain in sorted(used.chains):
        yield from _deeper(hashing, held, chain)


def _global(hashing: Hashing, name: str, value: Any, place: str) -> bytes:
    if isinstance(value, ModuleType):
        hashing.told |= name not in {value.__name__, value.__name__.rpartition(".")[2]}
    elif isinstance(value, FunctionType | type):
        hashing.told |= value.__qualname__ != name or value.__module__ != place
    return hashing.token(value)


def _members(hashing: Hashing, module: ModuleType, names: frozenset[str]) -> Iterator[bytes]:
    """Yield the hashes of what code may use of one of the author's modules by its attributes."""
    if hashing.ownership.is_own(module.__name__):
        for name in sorted(names & vars(module).keys() - _OF_MODULE):
            yield _member(hashing, module, name)


def _deeper(hashing: Hashing, held: Mapping[str, Any], chain: tuple[str, ...]) -> Iterator[bytes]:
    """Yield the hashes of what code uses of a module in a module."""
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


def _class(hashing: Hashing, kind: type) -> bytes:
    place = module_of(kind)
    module = sys.modules.get(place)
    held: Mapping[str, Any] = vars(module) if module is not None else {}
    written = hashing.ownership.is_own(place) and _note(hashing, held, held.get("__file__"))
    local = "<locals>" in kind.__qualname__
    lenient = True if written and not local else None
    hashing.told |= local or not written
    parts = [pack("name", kind.__qualname__), hashing.token(type(kind))]
    parts += [hashing.token(base) for base in kind.__bases__]
    if issubclass(kind, Enum):
        members = kind.__members__.items()
        parts += [pack(name, hashing.token(member.value)) for name, member in members]
    for name, value in sorted(vars(kind).items()):
        if _is_made(kind, name, value) or (written and name == "__annotations__"):
            continue
        with hashing.at(f"{kind.__qualname__}.{name}", lenient=lenient):
            _tell(hashing, kind, name, value)
            # Named files are hashed from the folder of the code, not from the working folder.
            is_named = name == "files" and are_names(value)
            parts.append(pack(name, repr(value) if is_named else hashing.token(value)))
            hashing.told |= is_named
    return pack("class", *parts, "" if written else str(vars(kind).get("__doc__")))


def _is_made(kind: type, name: str, value: Any) -> bool:
    """Whether Python, and not the author, made an attribute of a class."""
    if issubclass(kind, Enum):
        is_member = name in kind.__members__
        is_note = name.startswith("_") and name.endswith("_") and not name.startswith("__")
        if is_member or (is_note and not isinstance(value, FunctionType | classmethod)):
            return True
    # The __init__ of a protocol's subclass becomes object's when it is first called.
    return (
        name in _OF_CLASS
        or isinstance(value, GetSetDescriptorType | MemberDescriptorType)
        or (name == "__init__" and value is object.__init__)
    )


def _tell(hashing: Hashing, kind: type, name: str, value: Any) -> None:
    """Note an attribute that is another function than the one written in its place."""
    function = value
    if isinstance(value, staticmethod | classmethod):
        function = value.__func__
    elif isinstance(value, property):
        function = value.fget
    if isinstance(function, FunctionType):
        expected = f"{kind.__qualname__}.{name}"
        hashing.told |= (function.__qualname__, _place(function)) != (expected, kind.__module__)


def _note(hashing: Hashing, held: Mapping[str, Any], file: str | None) -> bool:
    """Note a source file of the author's; return whether there is one."""
    if file is None or file in hashing.noted:
        return hashing.noted.get(file or "", False)
    hashing.noted[file] = not file.endswith(".pyc") and Path(file).is_file()
    if hashing.noted[file]:
        hashing.files[Path(file)] = (_module_name(held), str(held.get("__package__") or ""))
    return hashing.noted[file]


def _file_of(function: FunctionType) -> str:
    """Return the file that a function's code says it is from.

    Of code that was pickled by value the file is forgotten. It is still from the file of its
    module if that says the same.
    """
    code = function.__code__
    file = function.__globals__.get("__file__")
    if code.co_filename == _PICKLED and isinstance(file, str) and Path(file).is_file():
        return file if bytecode_token(code) in codes_of(Path(file).read_bytes()) else _PICKLED
    return code.co_filename


def _module_name(held: Mapping[str, Any]) -> str:
    """Return the name that a module has when it is imported: that of python -m is __main__."""
    return str(getattr(held.get("__spec__"), "name", None) or held.get("__name__"))
