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
from collections.abc import Iterable, Iterator
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
)
from pathlib import Path
from typing import Any

from trackbench.compiled import compiled

_OURS = "trackbench"
_INSTALLED = frozenset({"site-packages", "dist-packages"})
_STANDARD = Path(sysconfig.get_path("stdlib")).resolve()
_SUFFIXES = (*SOURCE_SUFFIXES, *EXTENSION_SUFFIXES)
_LOADERS = ((SourceFileLoader, SOURCE_SUFFIXES), (ExtensionFileLoader, EXTENSION_SUFFIXES))


def source_sha256(factory: Any) -> str | None:
    """Return the hash of a factory's source, in hexadecimal.

    Hashed is the file it is written in, with every module that this imports, directly or through
    others and wherever the import statement stands, as far as it is the author's own: not
    installed, or of the factory's own package. Modules that are named at run time only
    (``importlib.import_module(name)``) and files of data are not seen; of a function made by a
    decorator or a class made by a function, the file where it is made counts. Of what has no file,
    as in a notebook, the compiled code takes the file's place (:mod:`trackbench.compiled`); None
    where that cannot be pickled.
    """
    written = inspect.unwrap(factory)
    path = _file_of(written)
    if path is not None:
        return _sha256_of_files(_sources(path, _module_name(written)))
    code = compiled(factory)
    if code is None:
        return None
    hashes = [f"{name} {_sha256(file)}" for name, file in sorted(_own_files(code.modules).items())]
    return hashlib.sha256("\n".join([code.sha256, *hashes]).encode()).hexdigest()


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
    found: dict[Path, str] = {}
    left, seen = list(modules), set[str]()
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        for spec in _specs(name, family):
            file = _file(spec)
            if file is not None and file not in found:
                found[file] = spec.name
                package = spec.name if _is_package(spec) else spec.parent or ""
                left += _imported(file, package)
    return {name: file for file, name in found.items()}


def _imported(path: Path, package: str) -> Iterator[str]:
    """Yield what may be the name of a module in every import statement of a file.

    ``from a import b`` yields ``a.b``, for b may be a module; where it is none, ``a`` is found.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the author's style: importing says it
            tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return  # compiled code, a mistake that its import will tell, or too deep for the parser
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, (above, node.module)))
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _specs(name: str, family: str) -> Iterator[ModuleSpec]:
    """Yield the author's modules on the way to ``name``, importing none of them."""
    parts = name.split(".")
    spec = _loaded(parts[0]) or _first_found(parts[0])
    if parts[0] == _OURS or (parts[0] != family and spec is not None and _is_installed(spec)):
        return
    for last in range(2, len(parts) + 2):
        if spec is None:
            return
        yield spec
        below = ".".join(parts[:last])
        spec = _loaded(below) or _found_in(spec.submodule_search_locations or (), below)


def _loaded(name: str) -> ModuleSpec | None:
    """Return what an import statement gets if the module is loaded already."""
    return getattr(sys.modules.get(name), "__spec__", None)


def _first_found(name: str) -> ModuleSpec | None:
    for finder in sys.meta_path:
        spec = finder.find_spec(name, None)
        if spec is not None:
            return spec
    return None


def _found_in(folders: Iterable[str], name: str) -> ModuleSpec | None:
    """Return a module in a package's folders.

    The finders of ``sys.meta_path`` will not do: they want the package to be imported.
    """
    for folder in folders:
        spec = FileFinder(folder, *_LOADERS).find_spec(name)
        if spec is not None:
            return spec
    return None


def _is_installed(spec: ModuleSpec) -> bool:
    places = [spec.origin] if spec.origin else list(spec.submodule_search_locations or ())
    files = [Path(place).resolve() for place in places]
    return any(_INSTALLED.intersection(f.parts) or f.is_relative_to(_STANDARD) for f in files)


def _file(spec: ModuleSpec) -> Path | None:
    """Return a module's file; None if it is built in, a folder, or in an archive."""
    if spec.origin is None or not spec.origin.endswith(_SUFFIXES):
        return None
    file = Path(spec.origin).resolve()
    return file if file.is_file() else None


def _is_package(spec: ModuleSpec) -> bool:
    return spec.submodule_search_locations is not None
