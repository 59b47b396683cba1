"""Trackers named by the file that they are written in: ``path/to/mine.py:Class``."""

from __future__ import annotations

import operator
from pathlib import Path

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.plugins import registry
from trackbench.plugins.elsewhere import elsewhere
from trackbench.plugins.factories import tracker_from
from trackbench.plugins.naming import free_id
from trackbench.plugins.plugin_files import imported_plugin
from trackbench.scheme_contract import NamedTracker


def tracker_of_file(named: NamedTracker) -> TrackerSpec:
    """Return a tracker of a Python file: a class, a function that makes one, or a spec.

    Its id is the class's name in small letters; where that is a built-in tracker's, the file's name
    goes before it.

    Raises:
        TrackbenchError: there is no such file, it fails, or it has no such tracker.
    """
    return tracker_in_file(named.rest, named.python)


def is_in_file(name: str) -> bool:
    """Whether a name is that of a Python file and of something in it."""
    file, _, attribute = name.rpartition(":")
    return file.endswith(".py") and bool(attribute)


def tracker_in_file(
    name: str, python: str | Path | None, family: str = "", *, sees_future: bool = False
) -> TrackerSpec:
    """Return the tracker ``path/to/file.py:Class``.

    Args:
        name: as that.
        python: the interpreter that it is to run in; None: this one.
        family: the toolkit that it is written for (:mod:`trackbench.host.families`); empty: ours.
        sees_future: it has ``track(frames, box)``; of a class, that is seen.

    Raises:
        TrackbenchError: as :func:`tracker_of_file`.
    """
    if not is_in_file(name):
        raise TrackbenchError(f"{name} names no tracker: write path/to/file.py:Class")
    file, _, attribute = name.rpartition(":")
    path = Path(file).expanduser()
    if not path.is_file():
        raise TrackbenchError(f"there is no file {path} ({name})")
    own = attribute.rpartition(".")[2]
    called = free_id(own, f"{path.stem}-{own}")
    if python is not None:
        folder = path.absolute().parent
        factory = elsewhere(f"{path.stem}:{attribute}", python, [], first=str(folder))
        return TrackerSpec(id=called, factory=factory, family=family, sees_future=sees_future)
    module = imported_plugin(path)
    try:
        found = operator.attrgetter(attribute)(module)
    except AttributeError:
        has = [each for each, value in vars(module).items() if _may_be_meant(value, module)]
        raise UnknownIdError(f"tracker of {path}", attribute, has) from None
    if isinstance(found, TrackerSpec):
        return found
    if not callable(found):
        raise TrackbenchError(f"{name} is no tracker: it is a {type(found).__name__}")
    known = [spec for spec in registry.trackers() if spec.factory is found]
    if known and not (family or sees_future):
        return known[0]
    return tracker_from(found, called, family=family, sees_future=sees_future)


def _may_be_meant(value: object, module: object) -> bool:
    """Whether something in a module may be a tracker, or what makes one."""
    own = getattr(value, "__module__", None) == getattr(module, "__name__", None)
    return isinstance(value, TrackerSpec) or (callable(value) and own)
