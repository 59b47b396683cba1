"""The author's own files: a module's, and those that it imports and that are not installed."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
)
from pathlib import Path
from types import FunctionType, ModuleType

from trackbench.plugins.hashing.source_file import OwnFile, read_file
from trackbench.plugins.module_specs import specs_on_the_way

_OURS = "trackbench"
_INSTALLED = frozenset({"site-packages", "dist-packages"})
_STANDARD = Path(sysconfig.get_path("stdlib")).resolve()
_SUFFIXES = (*SOURCE_SUFFIXES, *EXTENSION_SUFFIXES)
_LOADERS = ((SourceFileLoader, SOURCE_SUFFIXES), (ExtensionFileLoader, EXTENSION_SUFFIXES))


@dataclass
class Ownership:
    """Which modules are the author's.

    Attributes:
        family: the top-level package that is the author's even where it is installed.
    """

    family: str = ""
    _known: dict[str, bool] = field(default_factory=dict)

    def is_own(self, module: str) -> bool:
        """Whether a module, by its name, is the author's: not installed, and not of trackbench."""
        top = module.partition(".")[0]
        if top not in self._known:
            self._known[top] = self._found_out(top)
        return self._known[top]

    def _found_out(self, top: str) -> bool:
        if top in {_OURS, "builtins", ""}:
            return False
        if top in {self.family, "__main__"}:
            return True
        spec = _loaded(top) or (None if top in sys.modules else _first_found(top))
        return spec is None or not _is_installed(spec)


def own_files(
    modules: Iterable[str],
    start: Iterable[tuple[Path, str, str]],
    ownership: Ownership,
    home: Path | None = None,
) -> dict[str, OwnFile]:
    """Return the author's own files among modules and what they import, by the modules' names.

    Args:
        modules: names; not all need be modules.
        start: (file, module, package) of files that are the author's, whatever they are called.
        ownership: says which of the others are.
        home: the file whose name in the answer is "", for it is called otherwise where it is run
            otherwise.
    """
    found: dict[Path, str] = {}
    read: dict[str, OwnFile] = {}
    left, seen = list(modules), set[str]()

    def add(file: Path, name: str, package: str) -> None:
        if file.resolve() not in found:
            found[file.resolve()] = name
            read["" if file == home else name] = own = read_file(file, package)
            left.extend((*own.imports, *_held_by(name)))

    for file, name, package in start:
        add(file, name, package)
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        for spec in _specs(name, ownership):
            source = _file(spec)
            if source is not None:
                add(source, spec.name, spec.name if _is_package(spec) else spec.parent or "")
    return read


def _held_by(name: str) -> Iterator[str]:
    """Yield the names of modules that a loaded module holds, or of which it holds something.

    Those below it are left out, for any import statement anywhere makes them its attributes.
    """
    module = sys.modules.get(name)
    for value in list(vars(module).values()) if module is not None else ():
        if isinstance(value, ModuleType | FunctionType | type):
            attribute = "__name__" if isinstance(value, ModuleType) else "__module__"
            held = getattr(value, attribute, None)
            if isinstance(held, str) and not held.startswith(f"{name}."):
                yield held


def _specs(name: str, ownership: Ownership) -> Iterator[ModuleSpec]:
    """Yield the specs of an author's module and of the packages above it; none is imported."""
    top = name.partition(".")[0]
    if not top or not ownership.is_own(top):
        return
    yield from specs_on_the_way(name, _found, None)


def _found(name: str, places: list[str] | None) -> ModuleSpec | None:
    if (loaded := _loaded(name)) is not None:
        return loaded
    if places is not None:
        return _found_in(places, name)
    # What is run as a program is no module that could be found by its name.
    return None if name == "__main__" else _first_found(name)


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
    if spec.origin in {"built-in", "frozen"}:
        return True
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
