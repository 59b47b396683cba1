"""A class by its content: where it is written, its bases, and its attributes as they are now."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from enum import Enum
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import Any

from trackbench.plugins.hashing.definitions import module_of, note_file, place_of
from trackbench.plugins.hashing.hashing_protocol import Hashing
from trackbench.plugins.hashing.tokens import pack

_OF_CLASS = frozenset(
    f"__{name}__"
    for name in (
        *("dict", "weakref", "module", "firstlineno", "static_attributes", "annotations_cache"),
        *("abstractmethods", "parameters", "doc", "qualname", "conditional_annotations"),
        "slotnames",
    )
) | {"_abc_impl"}
"""What Python puts into a class, some of it not before the class is used."""


def class_token(hashing: Hashing, kind: type) -> bytes:
    """Return the hash of a class with what can be reached from it."""
    place = module_of(kind)
    module = sys.modules.get(place)
    held: Mapping[str, Any] = vars(module) if module is not None else {}
    written = hashing.ownership.is_own(place) and note_file(hashing, held, held.get("__file__"))
    local = "<locals>" in kind.__qualname__
    lenient = True if written and not local else None
    hashing.unwritten |= local or not written
    parts = [pack("name", kind.__qualname__), hashing.token(type(kind))]
    parts += [hashing.token(base) for base in kind.__bases__]
    if issubclass(kind, Enum):
        members = kind.__members__.items()
        parts += [pack(name, hashing.token(member.value)) for name, member in members]
    for name, value in sorted(vars(kind).items()):
        if _is_made(kind, name, value) or (written and name == "__annotations__"):
            continue
        with hashing.at(f"{kind.__qualname__}.{name}", lenient=lenient):
            _note_replaced(hashing, kind, name, value)
            # Named files are hashed from the folder of the code, not from the working folder.
            is_named = name == "files" and are_names(value)
            parts.append(pack(name, repr(value) if is_named else hashing.token(value)))
            hashing.unwritten |= is_named
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


def _note_replaced(hashing: Hashing, kind: type, name: str, value: Any) -> None:
    """Note an attribute that is another function than the one written in its place."""
    function = value
    if isinstance(value, staticmethod | classmethod):
        function = value.__func__
    elif isinstance(value, property):
        function = value.fget
    if isinstance(function, FunctionType):
        expected = f"{kind.__qualname__}.{name}"
        written = function.__qualname__ == expected and place_of(function) == kind.__module__
        hashing.unwritten |= not written


def are_names(value: Any) -> bool:
    """Whether a class's attribute ``files`` says which files it reads."""
    listed = value if isinstance(value, list | tuple) else (value,)
    return all(isinstance(name, str | os.PathLike) for name in listed)
