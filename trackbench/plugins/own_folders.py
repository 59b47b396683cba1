"""The folders in which an author's own modules are found, here and in a run's other processes.

They are those of plugins and of the script, and the working folder. What is installed goes before
them, so that a ``select.py`` of an author's takes nothing away from anybody.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePath

from trackbench.plugins.importing import path_before

_OWN_FOLDERS: set[str] = set()


def look_in_working_folder(names: Iterable[object]) -> None:
    """Let modules in the working folder be found, if one of ``names`` is ``package.module:Class``.

    The folder is put at the end of ``sys.path`` and stays there, since a tracker may import more
    of its modules when it is built, or later.
    """
    if any(isinstance(name, str) and ":" in name for name in names):
        add_folder(Path.cwd())


def add_folder(folder: Path) -> None:
    """Let modules in a folder of the author's be found, after all that is found without it."""
    _OWN_FOLDERS.add(str(folder))
    if str(folder) not in sys.path:
        sys.path.append(str(folder))


def is_own_folder(folder: str) -> bool:
    """Whether a folder was added as the author's."""
    return folder in _OWN_FOLDERS


def own_folders() -> set[str]:
    """Return the author's folders: of plugins, the working folder, the script's."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    folders = set(_OWN_FOLDERS)
    if main is not None and getattr(sys.modules["__main__"], "__spec__", None) is None:
        folders.add(str(Path(main).absolute().parent))
    with suppress(OSError):  # it was removed
        folders.add(str(Path.cwd()))
    return folders


def search_path(needed: Iterable[str] = ()) -> list[str]:
    """Return where another process looks for modules: as this one, the author's folders last.

    What PYTHONPATH names stays where it is, for that was said on purpose. What plugins do to the
    path when they are imported, they do there for themselves; unless they do not come there and
    only modules that they found so do.

    Args:
        needed: names of modules that are imported there.
    """
    said = set(os.environ.get("PYTHONPATH", "").split(os.pathsep))
    own = own_folders()
    path = path_before(own, [folder for name in needed if (folder := folder_of_module(name))])
    places = [_place(entry) for entry in path]
    first = [place for place in places if place not in own or place in said]
    return [*first, *(place for place in dict.fromkeys(places) if place not in first)]


def folder_of_module(name: str) -> str | None:
    """Return the folder in which a loaded module, or the package above it, is looked up."""
    file = getattr(sys.modules.get(name), "__file__", None)
    if not isinstance(file, str):
        return None
    return _folder_above(file, name.count("."))


@cache
def _folder_above(file: str, packages: int) -> str:
    """Return the folder above the packages that a file's module lies in.

    Of all modules that are loaded it is asked once for each tracker and data set of a run.
    """
    top = PurePath(file)
    for _ in range(packages + (top.stem == "__init__")):
        top = top.parent
    return str(top.parent)


def _place(entry: str) -> str:
    """Return an entry of Python's path as it is to be named where the working folder is another.

    What is no place at all is a word for a finder of its own, as editable installations have them.
    """
    return str(Path(entry).absolute()) if not entry or os.path.lexists(entry) else entry
