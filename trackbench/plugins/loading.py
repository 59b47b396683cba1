"""Trackers that come without an entry point: from a file, or as a class in a script.

==========================================  ==================================================
``--plugin path/to/file.py``                the file is imported; what it registers can be run
``@trackbench.register_tracker("name")``    in a script, before ``trackbench.run(...)``
``--tracker package.module:Class``          by its name alone (see :mod:`.naming`)
entry point in ``trackbench.trackers``      in an installed package (see :mod:`.registry`)
==========================================  ==================================================
"""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from trackbench.contracts import DatasetSpec, Factory
from trackbench.errors import TrackbenchError, brief
from trackbench.host.from_source import from_source
from trackbench.plugins import registry
from trackbench.plugins.factories import tracker_from
from trackbench.plugins.hashing.source_file import read_file
from trackbench.plugins.importing import importing, path_before
from trackbench.plugins.neighbours import PLUGIN_MODULE, check_neighbours, plugin_module

_OWN_FOLDERS: set[str] = set()
_SOURCES: dict[str, str] = {}
"""Name of a plugin file's module -> hash of the source that was imported."""

FactoryT = TypeVar("FactoryT", bound=Callable[..., object])


def register_tracker(
    name: str,
    *,
    batched: bool = False,
    sees_future: bool = False,
    description: str = "",
    reference: str = "",
    files: tuple[str, ...] = (),
    family: str = "",
    **parameters: object,
) -> Callable[[FactoryT], FactoryT]:
    """Register the decorated class (or factory function) as the tracker ``name``.

    ``parameters`` are passed to it whenever it is built; ``files`` are what it reads on its own,
    from the folder of the file it is written in; ``sees_future`` says of a function that what it
    makes has ``track(frames, box)`` for whole videos, as a class shows by itself; ``family`` is the
    toolkit that it is written for (``"got10k"``, ``"pysot"``, ``"pytracking"``). Registering the
    same name again replaces it, so that a notebook's cell can be run twice.

    Example:
        >>> @register_tracker("still")
        ... class Still:
        ...     def init(self, frame, box):
        ...         self.box = box
        ...
        ...     def update(self, frame):
        ...         return self.box
    """

    def register(factory: FactoryT) -> FactoryT:
        spec = tracker_from(
            factory,
            name,
            batched=batched,
            sees_future=sees_future,
            description=description,
            reference=reference,
            parameters=parameters,
            files=files,
            family=family,
        )
        if not in_host():  # there, nobody asks
            registry.trackers().replace(spec)
        return factory

    return register


def register_dataset(spec: DatasetSpec) -> DatasetSpec:
    """Register a data set, so that its id can be given; one of the same id is replaced.

    Args:
        spec: of it; its factory is called with it and returns the data set.

    Raises:
        TrackbenchError: the id is malformed, or that of a built-in data set.

    Example:
        >>> class Squares:
        ...     def __init__(self, spec):
        ...         self.spec = spec
        ...
        ...     def sequence(self, index, length=None): ...
        >>> squares = DatasetSpec(id="squares", factory=Squares, seed=1, sequences=10, length=40)
        >>> register_dataset(squares).id
        'squares'
    """
    if not in_host():  # there, nobody asks
        registry.datasets().replace(spec)
    return spec


def in_host() -> bool:
    """Whether this process runs one tracker and nothing else (:mod:`trackbench.host`)."""
    return "trackbench_host" in sys.modules


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


def plugin_modules() -> set[str]:
    """Return the names of the modules of plugin files."""
    return {name for name in sys.modules if name.startswith(PLUGIN_MODULE)}


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
    top = Path(file)
    for _ in range(name.count(".") + (top.stem == "__init__")):
        top = top.parent
    return str(top.parent)


def _place(entry: str) -> str:
    """Return an entry of Python's path as it is to be named where the working folder is another.

    What is no place at all is a word for a finder of its own, as editable installations have them.
    """
    return str(Path(entry).absolute()) if not entry or os.path.lexists(entry) else entry


def load_plugins(paths: Iterable[Path] | None) -> None:
    """Import the files of a command's ``--plugin``, in their order; see :func:`load_plugin`."""
    for path in paths or ():
        load_plugin(path)


def load_plugin(path: Path) -> None:
    """Import the Python file ``path`` and register what it brings.

    That is what it registers itself, its module-level specs and suites, and each class with
    ``init`` and ``update`` that it defines, under the class's name in lower case. Modules beside
    the file can be imported by it.

    What belongs to the standard library or is installed goes before modules beside the file: a
    ``select.py`` there takes nothing away from anybody.

    Raises:
        TrackbenchError: there is no such file, it fails, or it brings nothing.
    """
    before = _registered()
    module = import_plugin(path)
    with _mistakes_told(path):
        _register_contents(module, before)
    if _registered() == before:
        raise TrackbenchError(
            f"{path} brings nothing: define a class with init(frame, box) and update(frame)"
        )


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
    with _mistakes_told(path):
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
        with _mistakes_told(path):
            unchanged = _SOURCES[name] == read_file(path, "").sha256
        if unchanged:
            return sys.modules[name]
    return import_plugin(path)


@contextmanager
def _mistakes_told(path: Path) -> Iterator[None]:
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


def _register_contents(module: ModuleType, known: set[int]) -> None:
    for value in list(vars(module).values()):
        for kind in registry.Kind:
            # A plugin may hold a spec that was there before, to make its own of it.
            if isinstance(value, kind.spec_type) and id(value) not in known:
                registry.registry(kind).replace(value)
    factories = [spec.factory for spec in registry.trackers()]
    for attribute, value in vars(module).items():
        # What has a spec is run as that says, with its parameters.
        if _is_tracker_class(value, module.__name__) and not _is_among(value, module, factories):
            registry.trackers().replace(tracker_from(value, attribute.lower()))


def _is_among(tracker: type, module: ModuleType, factories: list[Factory]) -> bool:
    name = f"{Path(str(module.__file__)).stem}:{tracker.__qualname__}"
    return any(factory is tracker or factory == name for factory in factories)


def _registered() -> set[int]:
    return {id(spec) for kind in registry.Kind for spec in registry.registry(kind)}


def _is_tracker_class(value: object, module: str) -> bool:
    return (
        inspect.isclass(value)
        and value.__module__ == module
        and not value.__name__.startswith("_")
        and callable(getattr(value, "init", None))
        and callable(getattr(value, "update", None))
    )
