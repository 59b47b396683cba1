"""Modules beside an author's file, and whether it gets those or another author's of the same name.

A process has one module of a name. Of two plugins that both have a ``model.py`` beside them, the
second one would run with the first one's, and would be another tracker alone than in company.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from trackbench.errors import TrackbenchError, parameter
from trackbench.plugins.hashing.source_file import read_file

PLUGIN_MODULE = "trackbench_plugin_"
"""What the name of a plugin file's module begins with."""


def plugin_module(path: Path) -> str:
    """Return the name of a plugin file's module; others of that name get a number behind it."""
    return f"{PLUGIN_MODULE}{re.sub(r'[^A-Za-z0-9]', '_', path.stem)}"


def check_neighbours(what: str, imports: Iterable[str], folder: Path, others: set[str]) -> None:
    """Make sure that an author's file gets the modules that lie beside it.

    Looked at is every import statement of the file and of the modules beside it that these name,
    wherever it stands.

    Args:
        what: needs them, for the message.
        imports: what it imports first: names of modules.
        folder: in which its modules are looked up.
        others: authors' folders that may be on Python's path, too: of other plugins, the working
            folder, the script's.

    Raises:
        TrackbenchError: it gets one of theirs.
    """
    # In the order of the path, for of those that are not loaded yet the first is found.
    places = [str(Path(place).absolute()) for place in sys.path]
    ahead = [Path(place) for place in places if place in others and Path(place) != folder]
    left, seen = list(imports), set[str]()
    while left:
        for name in _with_parents(left.pop()):
            beside = _file_of(name, folder)
            if name in seen or beside is None:
                continue
            seen.add(name)
            got = _got(name, [*ahead, folder] if name not in sys.modules else [])
            if got is not None and not got.samefile(beside) and _is_in(got, name, ahead):
                raise TrackbenchError(
                    f"{what} needs {beside}, and {got} has the same name: a process has one module "
                    "of a name, so give them different names (or, of two plugins, run each by a "
                    f"command of its own, into the same {parameter('out')})"
                )
            package = name if beside.name == "__init__.py" else name.rpartition(".")[0]
            left += read_file(beside, package).imports


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    for stop in range(1, len(parts) + 1):
        yield ".".join(parts[:stop])


def _file_of(name: str, folder: Path) -> Path | None:
    """Return the file of a module in a folder; None if there is none."""
    place = folder.joinpath(*name.split("."))
    for file in (place / "__init__.py", place.with_name(f"{place.name}.py")):
        if file.is_file():
            return file
    return None


def _got(name: str, folders: Iterable[Path]) -> Path | None:
    """Return the file of a module that is loaded, or that would be found in folders."""
    loaded = getattr(sys.modules.get(name), "__file__", None)
    if isinstance(loaded, str):
        return Path(loaded) if Path(loaded).is_file() else None
    return next((file for folder in folders if (file := _file_of(name, folder))), None)


def _is_in(file: Path, name: str, folders: Iterable[Path]) -> bool:
    """Whether the file is that of a module in one of the folders."""
    found = (_file_of(name, folder) for folder in folders)
    return any(other.samefile(file) for other in found if other is not None)
