"""Functions, classes and modules by their content.

Of what is written in a file of the author's the name is hashed, and the file is noted, to be hashed
as a whole. What the file does not say is hashed besides: closures, defaults, attributes, and the
globals that a function names, as they are now. Of code in no file, as in a notebook, the compiled
code is hashed. Of what is installed the name is enough.
"""

from __future__ import annotations

import functools
import random
import sys
import weakref
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from trackbench.plugins.hashing.bytecode import bytecode_token
from trackbench.plugins.hashing.class_hash import class_token
from trackbench.plugins.hashing.definitions import module_of, note_file, place_of
from trackbench.plugins.hashing.function_hash import function_token
from trackbench.plugins.hashing.hashing_protocol import Hashing
from trackbench.plugins.hashing.tokens import pack

_LRU = type(functools.lru_cache(lambda: None))
_WEAK = (weakref.WeakKeyDictionary, weakref.WeakValueDictionary, weakref.WeakSet)


def code_token(hashing: Hashing, value: Any) -> bytes | None:
    """Return the hash or number of a function, class, module or the like; None of anything else."""
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

    In a host these generators begin from a known seed, so how far they are in this process decides
    nothing.
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


def definition_token(hashing: Hashing, value: Any) -> bytes | None:
    """Return the hash of a function or class with what can be reached from it; else None."""
    if isinstance(value, FunctionType):
        return function_token(hashing, value)
    return class_token(hashing, value) if isinstance(value, type) else None


def _named(hashing: Hashing, value: Any) -> bytes | None:
    """Return the hash of the name of an installed function or class; None: it needs more."""
    module, name = module_of(value), value.__qualname__
    if hashing.ownership.is_own(module) or _is_own_function(hashing, value):
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    is_static = isinstance(value, type) and not value.__flags__ & (1 << 9)  # written in C
    return pack("named", module, name) if found is value or is_static else None


def _is_own_function(hashing: Hashing, value: Any) -> bool:
    """Whether a function uses globals of the author's: a wrapper has the name of what it wraps."""
    return isinstance(value, FunctionType) and hashing.ownership.is_own(place_of(value))


def _module(hashing: Hashing, module: ModuleType) -> bytes:
    if hashing.ownership.is_own(module.__name__):
        hashing.modules.add(module.__name__)
        note_file(hashing, vars(module), getattr(module, "__file__", None))
    return pack("module", module.__name__)
