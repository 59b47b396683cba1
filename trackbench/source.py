"""The source of a third party's tracker: its file, and what of the author's own this imports.

Results are kept under a hash of it, so that an edited tracker is run again.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import sys
import sysconfig
import warnings
from collections.abc import Iterable, Iterator, Sequence
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, ModuleSpec
from pathlib import Path
from types import FunctionType
from typing import Any

from trackbench.compiled import compiled

_OURS = "trackbench"
_INSTALLED = frozenset({"site-packages", "dist-packages"})
_SUFFIXES = (*SOURCE_SUFFIXES, *EXTENSION_SUFFIXES)


def source_sha256(factory: Any) -> str | None:
    """Return the hash of a factory's source, in hexadecimal.

    Hashed is the file it is written in, with every module that this imports, directly or through
    others and wherever the import statement stands, as far as it is the author's own: not
    installed, or of the factory's own package. Modules that are named at run time only
    (``importlib.import_module(name)``) and files of data are not seen. Of a class or function
    without a file, as in a notebook, the compiled code takes the file's place; None of anything
    else.
    """
    written = inspect.unwrap(factory)
    path = _file_of(written)
    if path is not None:
        return _sha256_of_files(_sources(path, _module_name(written)))
    if not isinstance(factory, type | FunctionType):
        return None
    code = compiled(factory)
    hashes = [f"{name} {_sha256(file)}" for name, file in sorted(_own_files(code.modules).items())]
    return hashlib.sha256("\n".join([code.text, *hashes]).encode()).hexdigest()


def _file_of(factory: Any) -> Path | None:
    try:
        found = inspect.getsourcefile(factory)
    except (TypeError, OSError):  # built in, or made where there is no file
        return None
    return Path(found) if found is not None and Path(found).is_file() else None


def _module_name(factory: Any) -> str:
    """Return the name that relative imports start from."""
    name = str(factory.__module__)
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return spec.name if spec is not None else name  # python -m package.module is __main__


def _sha256_of_files(files: dict[str, Path]) -> str:
    """Return the hash of one file's bytes; of several, of their names and hashes."""
    if len(files) == 1:
        return _sha256(*files.values())
    text = "".join(f"{name} {_sha256(file)}\n" for name, file in sorted(files.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _sources(path: Path, module: str) -> dict[str, Path]:
    """Return the file of a module and the author's own that it imports; its own name is ``""``."""
    package = module if path.stem == "__init__" else module.rpartition(".")[0]
    imported = _own_files(_imported(path, package), family=module.partition(".")[0])
    others = {name: file for name, file in imported.items() if file != path.resolve()}
    return {"": path, **others}


def _own_files(modules: Iterable[str], family: str = "") -> dict[str, Path]:
    """Return the author's own files among modules and what they import, by the modules' names.

    Args:
        modules: names; not all need be modules.
        family: the top-level package that is the author's even where it is installed.
    """
    found: dict[str, Path] = {}
    left = list(modules)
    while left:
        for spec in _specs(left.pop()):
            file = _own_file(spec, family)
            if file is not None and file not in found.values():
                found[spec.name] = file
                package = spec.name if _is_package(spec) else spec.parent or ""
                left += _imported(file, package)
    return found


def _imported(path: Path, package: str) -> Iterator[str]:
    """Yield what may be the name of a module in every import statement of a file.

    ``from a import b`` yields ``a.b``, for b may be a module; where it is none, ``a`` is found.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the author's style: importing says it
            tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return  # compiled code, or a mistake that its import will tell
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, (above, node.module)))
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _specs(name: str) -> Iterator[ModuleSpec]:
    """Yield the spec of each module on the way to ``name``, importing none of them."""
    path: Sequence[str] | None = None
    parts = name.split(".")
    for last in range(1, len(parts) + 1):
        spec = _spec(".".join(parts[:last]), path)
        if spec is None:
            return
        yield spec
        if spec.submodule_search_locations is None:
            return
        path = list(spec.submodule_search_locations)


def _spec(name: str, path: Sequence[str] | None) -> ModuleSpec | None:
    for finder in sys.meta_path:
        spec = finder.find_spec(name, path)
        if spec is not None:
            return spec
    return None


def _own_file(spec: ModuleSpec, family: str) -> Path | None:
    """Return a module's file if the tracker's author wrote it, else None."""
    if spec.origin is None or not spec.origin.endswith(_SUFFIXES):
        return None  # built in, frozen, or a folder without __init__.py
    file = Path(spec.origin).resolve()
    top = spec.name.partition(".")[0]
    if top == _OURS:
        return None
    if top == family:
        return file
    standard = Path(sysconfig.get_path("stdlib")).resolve()
    installed = _INSTALLED.intersection(file.parts) or file.is_relative_to(standard)
    return None if installed else file


def _is_package(spec: ModuleSpec) -> bool:
    return spec.submodule_search_locations is not None
