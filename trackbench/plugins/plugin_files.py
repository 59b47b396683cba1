"""Plugin files as modules: each has a name of its own, and is its source as it is now."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from trackbench.errors import TrackbenchError, brief
from trackbench.host.from_source import from_source
from trackbench.plugins.hashing.source_file import read_file
from trackbench.plugins.importing import importing
from trackbench.plugins.neighbours import PLUGIN_MODULE, check_neighbours, plugin_module
from trackbench.plugins.own_folders import add_folder, own_folders

_SOURCES: dict[str, str] = {}
"""Name of a plugin file's module -> hash of the source that was imported."""


def import_plugin(path: Path) -> ModuleType:
    """Import the Python file ``path`` and return its module; what it registers, is registered.

    Raises:
        TrackbenchError: there is no such file, or it fails.
    """
    if not path.is_file():
        raise TrackbenchError(f"there is no plugin file {path}")
    name = _module_name(path)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise TrackbenchError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(from_source(spec))
    _SOURCES.pop(name, None)
    sys.modules[name] = module
    folder = path.absolute().parent
    add_folder(folder)
    with mistakes_told(path):
        written = read_file(path, "")
        with importing():
            spec.loader.exec_module(module)
        check_neighbours(str(path), written.imports, folder, own_folders())
    _SOURCES[name] = written.sha256
    return module


def imported_plugin(path: Path) -> ModuleType:
    """Return the module of a plugin file: as it was imported, unless its source is another now.

    Classes of a module that is imported again are others, and no longer in it.

    Raises:
        TrackbenchError: as :func:`import_plugin`.
    """
    name = _module_name(path) if path.is_file() else ""
    if name in _SOURCES and name in sys.modules:
        with mistakes_told(path):
            unchanged = _SOURCES[name] == read_file(path, "").sha256
        if unchanged:
            return sys.modules[name]
    return import_plugin(path)


@contextmanager
def mistakes_told(path: Path) -> Iterator[None]:
    """Make whatever a plugin raises within this context an error in one line, which names its file.

    Raises:
        TrackbenchError: something was raised.
    """
    try:
        yield
    except TrackbenchError:
        raise
    # The plugin is the user's code, which may fail in any way.
    except (Exception, SystemExit) as error:
        raise TrackbenchError(f"the plugin {path} fails: {brief(error)}") from error


def _module_name(path: Path) -> str:
    """Return the name of a plugin file's module; another file of that name gets a number."""
    stem = plugin_module(path)
    name, number = stem, 1
    while (other := sys.modules.get(name)) and not path.samefile(str(other.__file__)):
        number += 1
        name = f"{stem}_{number}"
    return name


def plugin_modules() -> set[str]:
    """Return the names of the modules of plugin files."""
    return {name for name in sys.modules if name.startswith(PLUGIN_MODULE)}
