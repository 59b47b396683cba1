"""Files of modules that another process would not find by their names alone."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from trackbench.host.arranging import ByFile
from trackbench.host.from_source import Finder
from trackbench.plugins.own_folders import folder_of_module, own_folders

_HOSTS_OWN = frozenset({ByFile.__name__, Finder.__name__})
"""Names of the classes of finders that a host adds; it may have them under another module."""


def files_not_found(named: set[str], path: list[str]) -> dict[str, str]:
    """Return the files of modules that importing them by name in another process would not find.

    Looked at are the modules that are named, and all that were loaded in this process from the
    author's folders: another process must not take an installed package of the same name in their
    place.

    Args:
        named: names of modules that the other process is to import.
        path: where it looks for modules.

    Returns:
        Module name -> file.
    """
    found = {}
    for name in sorted(named | {_parent(name) for name in named} | _loaded_from(own_folders())):
        file = getattr(sys.modules.get(name), "__file__", None)
        if file is None or name in {"__main__", "__mp_main__"} or not Path(file).is_file():
            continue
        if not _is_found(name, file, path):
            found[name] = str(Path(file).absolute())
    return found


def _loaded_from(folders: set[str]) -> set[str]:
    """Return the names of the modules that lie in these folders; the standard library's do not.

    Of trackbench itself, in a checkout of it, there is the package alone: where that is found, all
    that is in it is.
    """
    return {
        name
        for name in list(sys.modules)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not name.startswith("trackbench.")
        and folder_of_module(name) in folders
    }


def _parent(name: str) -> str:
    return name.rpartition(".")[0]


def _is_found(name: str, file: str, path: list[str]) -> bool:
    """Whether a new process would execute this file for a name."""
    places = path
    if parent := _parent(name):
        places = list(getattr(sys.modules.get(parent), "__path__", []))
    with suppress(Exception):  # finders may be anybody's
        # If this process is a host itself, the other one lacks the finders that were added for it.
        others = [finder for finder in sys.meta_path if type(finder).__name__ not in _HOSTS_OWN]
        finders: list[Any] = [PathFinder, *others]
        for finder in finders:
            spec = finder.find_spec(name, places)
            if spec is not None and spec.origin is not None:
                found = spec.origin
                return bool(found == file or os.path.realpath(found) == os.path.realpath(file))
    return False
