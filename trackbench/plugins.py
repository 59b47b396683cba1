"""Trackers that come without an entry point: a file, a dotted name, or a class in a script.

==========================================  ==================================================
``--plugin path/to/file.py``                the file is imported; what it registers can be run
``--tracker package.module:Class``          the class is imported and registered
``@trackbench.register_tracker("name")``    in a script, before ``trackbench.run(...)``
entry point in ``trackbench.trackers``      in an installed package (see :mod:`registry`)
==========================================  ==================================================
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from trackbench import registry
from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError

FactoryT = TypeVar("FactoryT", bound=Callable[..., Any])


def register_tracker(
    name: str,
    *,
    batched: bool = False,
    description: str = "",
    reference: str = "",
    **parameters: Any,
) -> Callable[[FactoryT], FactoryT]:
    """Register the decorated class (or factory function) as the tracker ``name``.

    ``parameters`` are passed to it whenever it is built. Registering the same name again replaces
    it, so that a notebook's cell can be run twice.

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
            description=description,
            reference=reference,
            parameters=parameters,
        )
        registry.trackers().replace(spec)
        return factory

    return register


def tracker_from(
    factory: Any,
    name: str,
    *,
    batched: bool = False,
    description: str = "",
    reference: str = "",
    parameters: dict[str, Any] | None = None,
) -> TrackerSpec:
    """Return the spec of a plain class or factory function.

    The first line of its docstring is the description, unless one is given; a class attribute
    ``batched = True`` says that it is a :class:`~trackbench.contracts.BatchTracker`.
    """
    for method in ("init", "update"):
        if inspect.isclass(factory) and not callable(getattr(factory, method, None)):
            raise TrackbenchError(
                f"{factory.__name__} has no method {method}: a tracker needs init(frame, box) "
                "and update(frame)"
            )
    return TrackerSpec(
        id=name,
        factory=factory,
        parameters=parameters or {},
        batched=batched or bool(getattr(factory, "batched", False)),
        description=description or (inspect.getdoc(factory) or "").partition("\n")[0],
        reference=reference,
        source_sha256=source_sha256(factory),
    )


def tracker_by_dotted_name(dotted: str) -> TrackerSpec:
    """Register and return the tracker ``package.module:Class``; its id is ``class``.

    Modules in the working folder are found, as with ``python -m``.

    Raises:
        TrackbenchError: it cannot be imported, or is no tracker.
    """
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    found: Any
    try:
        found = registry.resolve(dotted)
    except TrackbenchError:
        raise
    # Importing runs the user's code, which may fail in any way.
    except Exception as error:
        raise TrackbenchError(f"{dotted} cannot be imported: {_brief(error)}") from error
    if isinstance(found, TrackerSpec):
        spec = found
    else:
        spec = tracker_from(found, re.sub(r"[^A-Za-z0-9]+", "-", found.__qualname__).lower())
    registry.trackers().replace(spec)
    return spec


def load_plugin(path: Path) -> ModuleType:
    """Import the Python file ``path``, so that what it registers is known.

    A class in it with ``init`` and ``update`` that it defines but does not register is registered
    under its own name in lower case.

    Raises:
        TrackbenchError: there is no such file, it fails, or it brings no tracker.
    """
    if not path.is_file():
        raise TrackbenchError(f"there is no plugin file {path}")
    name = f"trackbench_plugin_{re.sub(r'[^A-Za-z0-9]', '_', path.stem)}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise TrackbenchError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    before = {known.id: known for known in registry.trackers()}
    try:
        spec.loader.exec_module(module)
    # The plugin is the user's code, which may fail in any way.
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise TrackbenchError(f"the plugin {path} fails: {_brief(error)}") from error
    new = [known for known in registry.trackers() if before.get(known.id) is not known]
    registered = {id(known.factory) for known in new}
    for attribute, value in vars(module).items():
        if _is_tracker_class(value, name) and id(value) not in registered:
            registry.trackers().replace(tracker_from(value, attribute.lower()))
            new.append(value)
    if not new:
        raise TrackbenchError(
            f"{path} brings no tracker: define a class with init(frame, box) and update(frame)"
        )
    return module


def source_sha256(factory: Any) -> str | None:
    """Return the hash of the file a factory is written in, or of its own text; None if unknown."""
    try:
        path = inspect.getsourcefile(factory)
        if path is not None and Path(path).is_file():
            return hashlib.sha256(Path(path).read_bytes()).hexdigest()
        return hashlib.sha256(inspect.getsource(factory).encode()).hexdigest()
    except (OSError, TypeError):
        return None


def _is_tracker_class(value: Any, module: str) -> bool:
    return (
        inspect.isclass(value)
        and value.__module__ == module
        and not value.__name__.startswith("_")
        and callable(getattr(value, "init", None))
        and callable(getattr(value, "update", None))
    )


def _brief(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]
