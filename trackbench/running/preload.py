"""Which installed packages a tracker imports, so that they are imported once for all its hosts."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import sys
import warnings
from collections.abc import Iterator
from contextlib import suppress
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from trackbench.contracts import Factory
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.hashing.elsewhere_hash import own_files_elsewhere
from trackbench.plugins.module_specs import specs_on_the_way
from trackbench.plugins.placed_modules import placed_spec

_INSTALLED = frozenset({"site-packages", "dist-packages"})
_OURS = "trackbench"
_REGISTERING = frozenset({"trackbench.register_tracker", "trackbench.register_dataset"})
_REGISTERED_BY = "trackbench.plugins.loading"
"""What is loaded when one of them is first used, which takes a tenth of a second in each host."""
_MOST_FILES = 300


def packages_imported_by(factory: Factory) -> tuple[str, ...]:
    """Return the modules that a tracker's source imports and that are not its author's.

    They only save time: a host imports what is missing among them by itself. The import statements
    of the author's files and of ours are read, at whatever depth they stand, and none is executed.

    Args:
        factory: ``"module:attribute"``, a class, a function, or one of another interpreter's.
    """
    if isinstance(factory, Elsewhere):
        with suppress(OSError):
            return _elsewhere(factory)
        return ()
    found: dict[str, None] = {}
    left, seen = list(_files_of(factory, found)), set[Path]()
    while left and len(seen) < _MOST_FILES:
        file, package = left.pop()
        if file in seen:
            continue
        seen.add(file)
        for name in imported_by_file(file, package):
            left += _follow(name, found)
    return tuple(found)


def _elsewhere(factory: Elsewhere) -> tuple[str, ...]:
    """Return the top-level names that the author's files import and that are installed there."""
    found: dict[str, None] = {}
    for file in own_files_elsewhere(factory).values():
        for name in file.imports:
            top = name.partition(".")[0]
            spec = None if top in sys.stdlib_module_names else factory.find(top)
            if spec is not None and spec.origin is not None and factory.is_installed(spec.origin):
                found[top] = None
    return tuple(found)


def _files_of(factory: Factory, found: dict[str, None]) -> Iterator[tuple[Path, str]]:
    if isinstance(factory, str):
        yield from _follow(factory.partition(":")[0], found)
        return
    with suppress(TypeError, OSError):
        file = inspect.getsourcefile(inspect.unwrap(factory))
        if file is not None and Path(file).is_file():
            yield Path(file), str(factory.__module__).rpartition(".")[0]


def _follow(name: str, found: dict[str, None]) -> Iterator[tuple[Path, str]]:
    """Add an installed module to ``found``; yield the file of any other, to be read in turn."""
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return
    if name in _REGISTERING:
        found[_REGISTERED_BY] = None  # what it might import itself is not for a host
        return
    spec = _spec(name)
    if spec is None or spec.origin is None:
        return
    file = Path(spec.origin)
    ours = top == _OURS
    if ours or _INSTALLED.intersection(file.parts):
        found[spec.name] = None
    if (ours or not _INSTALLED.intersection(file.parts)) and file.suffix == ".py":
        yield file, spec.name if spec.submodule_search_locations else spec.name.rpartition(".")[0]


def _spec(name: str) -> ModuleSpec | None:
    """Return the spec of a module, or of the nearest package above it that there is."""
    return next(reversed(list(specs_on_the_way(name, _found, None))), None)


def _found(name: str, places: list[str] | None) -> ModuleSpec | None:
    loaded: ModuleSpec | None = getattr(sys.modules.get(name), "__spec__", None)
    spec = loaded or placed_spec(name) or PathFinder.find_spec(name, places)
    if spec is None and places is None:
        with suppress(Exception):  # other finders, of editable installs
            return importlib.util.find_spec(name)
    return spec


def imported_by_file(file: Path, package: str) -> Iterator[str]:
    """Yield the names that import statements of a file of a package name, as far as it is read.

    Also ``trackbench.NAME`` where it is written out: it is loaded when it is used.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            left += node.orelse
            continue
        left += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, (above, node.module)))
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute) and getattr(node.value, "id", None) == _OURS:
            yield f"{_OURS}.{node.attr}"
