"""In which module and file a function or class is defined."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import FunctionType
from typing import Any

from trackbench.plugins.hashing.bytecode import bytecode_token, codes_of
from trackbench.plugins.hashing.hashing_protocol import Hashing

_PICKLED = "<dynamic-code>"  # cloudpickle's


def module_of(value: Any) -> str:
    """Return the name of the module of a class or function; "" where it has none."""
    name = getattr(value, "__module__", None)
    return name if isinstance(name, str) else ""


def place_of(function: FunctionType) -> str:
    """Return the name of the module whose globals a function uses."""
    return str(function.__globals__.get("__name__", "__main__"))


def note_file(hashing: Hashing, held: Mapping[str, Any], file: str | None) -> bool:
    """Note a source file of the author's; return whether there is one.

    Args:
        hashing: the walk.
        held: the globals of its module.
        file: its name; None: the module has none.
    """
    if file is None or file in hashing.noted:
        return hashing.noted.get(file or "", False)
    hashing.noted[file] = not file.endswith(".pyc") and Path(file).is_file()
    if hashing.noted[file]:
        hashing.files[Path(file)] = (module_name(held), str(held.get("__package__") or ""))
    return hashing.noted[file]


def file_of(function: FunctionType) -> str:
    """Return the file in which a function is written.

    Code that was pickled by value has lost the name of its file. If the file of its module still
    holds the same code, it is that one.
    """
    code = function.__code__
    file = function.__globals__.get("__file__")
    if code.co_filename == _PICKLED and isinstance(file, str) and Path(file).is_file():
        return file if bytecode_token(code) in codes_of(Path(file).read_bytes()) else _PICKLED
    return code.co_filename


def module_name(held: Mapping[str, Any]) -> str:
    """Return the name that a module is imported by; run by python -m, it is called __main__."""
    return str(getattr(held.get("__spec__"), "name", None) or held.get("__name__"))
