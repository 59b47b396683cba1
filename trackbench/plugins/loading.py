"""What comes without an entry point: from a file, or as a class in a script.

==========================================  ==================================================
``--plugin path/to/file.py``                the file is imported; what it registers can be run
``@trackbench.register_tracker("name")``    in a script, before ``trackbench.run(...)``
``--tracker package.module:Class``          by its name alone (see :mod:`.naming`)
entry point in ``trackbench.trackers``      in an installed package (see :mod:`.registry`)
==========================================  ==================================================
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import DatasetSpec, Factory
from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.plugins.factories import tracker_from
from trackbench.plugins.kinds import Kind
from trackbench.plugins.plugin_files import import_plugin, mistakes_told

FactoryT = TypeVar("FactoryT", bound=Callable[..., object])


@arguments_checked
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
        if not in_host():  # there, nothing is looked up by its id
            registry.trackers().replace(spec)
        return factory

    return register


@arguments_checked
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
    if not in_host():  # there, nothing is looked up by its id
        registry.datasets().replace(spec)
    return spec


def in_host() -> bool:
    """Whether this process runs one tracker and nothing else (:mod:`trackbench.host`)."""
    return "trackbench_host" in sys.modules


def load_plugins(paths: Iterable[Path] | None) -> None:
    """Import the files of a command's ``--plugin``, in their order; see :func:`load_plugin`."""
    for path in paths or ():
        load_plugin(path)


@arguments_checked
def load_plugin(path: str | Path) -> None:
    """Import the Python file ``path`` and register what it brings.

    That is what it registers itself, its module-level specs and suites, and each class with
    ``init`` and ``update`` that it defines, under the class's name in lower case. Modules beside
    the file can be imported by it.

    What belongs to the standard library or is installed goes before modules beside the file: a
    ``select.py`` there takes nothing away from anybody.

    Raises:
        TrackbenchError: there is no such file, it fails, or it brings nothing.
    """
    path = Path(path)
    before = _registered()
    module = import_plugin(path)
    with mistakes_told(path):
        _register_contents(module, before)
    if _registered() == before:
        raise TrackbenchError(
            f"{path} brings nothing: define a class with init(frame, box) and update(frame)"
        )


def _register_contents(module: ModuleType, known: set[int]) -> None:
    for value in list(vars(module).values()):
        for kind in Kind:
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
    return {id(spec) for kind in Kind for spec in registry.registry(kind)}


def _is_tracker_class(value: object, module: str) -> bool:
    return (
        inspect.isclass(value)
        and value.__module__ == module
        and not value.__name__.startswith("_")
        and callable(getattr(value, "init", None))
        and callable(getattr(value, "update", None))
    )
