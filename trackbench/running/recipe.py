"""How a tracker, or a data set, is brought into another process: its code is imported there anew.

Modules are not pickled: what a plugin's module holds (locks, caches, open files, thread pools) is
made again by executing the same file in the other process. Only what lives in no file, as in a
notebook, is sent by cloudpickle, and only by the parent.
"""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PosixPath, PurePosixPath
from types import CodeType, FunctionType, ModuleType
from typing import Any

import cloudpickle

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError, brief, parameter
from trackbench.host.arranging import arrange
from trackbench.host.loading import load
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.factories import is_ours
from trackbench.plugins.importing import folder_before
from trackbench.plugins.own_folders import search_path
from trackbench.plugins.placed_modules import placed_modules
from trackbench.plugins.plain_values import is_plain
from trackbench.plugins.plugin_files import plugin_modules
from trackbench.running.module_files import files_not_found


@dataclass(frozen=True)
class Recipe:
    """What another process needs to make something.

    Attributes:
        payload: a pickle; classes and functions that have a file are in it by their names alone.
        path: where Python looks for modules, in order.
        modules: module name -> file, of those that are not found there.
        named: those of them that the payload names; these may import the others.
        main: (module, file) of the author's script, where the payload names what is in it; the
            module is empty unless the script was started with ``python -m``.
        argv: the script's arguments.
        folder: the working folder.
        python: the interpreter.
        variables: of its environment, beside those of this process.
    """

    payload: bytes
    path: tuple[str, ...]
    modules: Mapping[str, str] = field(default_factory=dict)
    named: tuple[str, ...] = ()
    main: tuple[str, str] | None = None
    argv: tuple[str, ...] = ()
    folder: str = ""
    python: str = sys.executable
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> dict[str, Any]:
        """What the host's ``arrange`` needs to know."""
        return {
            "path": list(self.path),
            "modules": dict(self.modules),
            "named": list(self.named),
            "main": self.main,
            "argv": list(self.argv),
            "folder": self.folder,
            "variables": dict(self.variables),
        }


def recipe_of_tracker(spec: TrackerSpec) -> Recipe:
    """Describe a tracker to another process.

    Raises:
        TrackbenchError: a parameter, or what builds it, cannot be brought there.
    """
    if isinstance(spec.factory, Elsewhere):
        recipe = recipe_elsewhere(spec.factory, spec.parameters, spec.id)
    else:
        recipe = recipe_of((spec.factory, dict(spec.parameters)), spec.id)
    if isinstance(spec.factory, Elsewhere) and spec.factory.start_in:
        folder = spec.factory.start_in
    else:
        folder = spec.folder or recipe.folder
    return replace(recipe, folder=folder, variables=dict(spec.environment))


def recipe_of(what: object, name: str) -> Recipe:
    """Describe an object to another process.

    Args:
        what: a picklable object, such as (factory, parameters).
        name: of the tracker or data set, for messages.

    Raises:
        TrackbenchError: something in it can be neither named nor pickled.
    """
    content = io.BytesIO()
    pickler = _Pickler(content)
    try:
        pickler.dump(what)
    except Exception as error:  # a plugin's objects may refuse in any way
        raise TrackbenchError(
            f"{name} cannot go to another process ({brief(error)}): put it into a module and run "
            f"it as {parameter('trackers', 'module:Class', option='tracker')}"
        ) from error
    path = search_path(pickler.modules)
    return Recipe(
        payload=content.getvalue() + (_by_value(what) if pickler.names_main else b""),
        path=tuple(path),
        modules={**files_not_found(pickler.modules | plugin_modules(), path), **placed_modules()},
        named=tuple(sorted({*pickler.modules, *placed_modules()})),
        main=_main() if pickler.names_main else None,
        argv=tuple(sys.argv),
        folder=folder_before(),
    )


def recipe_elsewhere(factory: Elsewhere, parameters: Mapping[str, Any], name: str) -> Recipe:
    """Describe a tracker to a host of another interpreter.

    Raises:
        TrackbenchError: a parameter is something that other interpreters need not have.
    """
    for key, value in parameters.items():
        if not is_plain(value, words=True):
            raise TrackbenchError(
                f"{name} runs in an interpreter of its own, and its parameter {key} is "
                f"{type(value).__name__}: give numbers, words, lists and dictionaries"
            )
    return Recipe(
        payload=pickle.dumps((factory.built_by or factory.dotted, dict(parameters)), protocol=4),
        path=factory.path,
        argv=tuple(sys.argv),
        folder=factory.start_in or folder_before(),
        python=factory.python,
    )


def _by_value(what: object) -> bytes:
    """Return a second pickle, for what a script defines after its first ``trackbench.run``."""
    try:
        return bytes(cloudpickle.dumps(what))
    except Exception:  # noqa: BLE001 - then the script must be as most are
        return b""


def comes_by_name(factory: Any) -> bool:
    """Whether another process makes a tracker's factory anew, from a file of the author's.

    Not one of another interpreter: this process never imports it, so there is nothing to compare.
    """
    if isinstance(factory, Elsewhere):
        return False
    if isinstance(factory, str):
        return not is_ours(factory)
    module = str(getattr(factory, "__module__", ""))
    if module == "__main__" and _main() is None:
        return False
    file = getattr(sys.modules.get(module), "__file__", None)
    return file is not None and _is_named(factory, module)


def follow(recipe: Recipe) -> Any:
    """Return what a recipe describes, in a process that was started for it."""
    arrange(recipe.place)
    return load(recipe.payload)


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]  # cloudpickle is not typed
    """Pickles by name what a script defines, and notes the modules that are named."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.modules: set[str] = set()
        self.names_main = False

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, type | FunctionType):
            module = str(obj.__module__)
            if module == "__main__" and _main() is not None and _is_named(obj, module):
                self.names_main = True
                return obj.__qualname__
            self.modules.add(module)
        if isinstance(obj, CodeType):
            # What a function that is pickled by value imports when it is called.
            self.modules.update(name for name in obj.co_names if name in sys.modules)
        if isinstance(obj, ModuleType):
            self.modules.add(obj.__name__)
        # Whole, for on another machine it may lie elsewhere; Python pickles it in parts.
        if type(obj) in {PosixPath, PurePosixPath}:
            return type(obj), (str(obj),)
        return super().reducer_override(obj)


def _is_named(obj: Any, module: str) -> bool:
    found: Any = sys.modules.get(module)
    for part in str(obj.__qualname__).split("."):
        found = getattr(found, part, None)
    return found is obj


def _main() -> tuple[str, str] | None:
    """Return (module, file) of the script that the interpreter was started with, if it has one."""
    main = sys.modules.get("__main__")
    file = getattr(main, "__file__", None)
    if file is None or not Path(file).is_file():
        return None
    spec = getattr(main, "__spec__", None)
    return (spec.name if spec is not None else "", str(Path(file).absolute()))
