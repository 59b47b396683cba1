"""Trackers named by the file that they are written in: ``path/to/mine.py:Class``."""

from __future__ import annotations

import operator
from pathlib import Path

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.plugins import registry
from trackbench.plugins.elsewhere import elsewhere
from trackbench.plugins.factories import tracker_from
from trackbench.plugins.loading import imported_plugin
from trackbench.plugins.naming import free_id
from trackbench.scheme_contract import NamedTracker


def tracker_of_file(named: NamedTracker) -> TrackerSpec:
    """Return a tracker of a Python file: a class, a function that makes one, or a spec.

    Its id is the class's name in small letters; where that is a built-in tracker's, the file's name
    goes before it.

    Raises:
        TrackbenchError: there is no such file, it fails, or it has no such tracker.
    """
    file, _, attribute = named.rest.rpartition(":")
    if not file.endswith(".py") or not attribute:
        raise TrackbenchError(f"{named.rest} names no tracker: write path/to/file.py:Class")
    path = Path(file).expanduser()
    if not path.is_file():
        raise TrackbenchError(f"there is no file {path} ({named.rest})")
    own = attribute.rpartition(".")[2]
    if named.python is not None:
        folder = path.absolute().parent
        factory = elsewhere(f"{path.stem}:{attribute}", named.python, [], first=str(folder))
        return TrackerSpec(id=free_id(own, f"{path.stem}-{own}"), factory=factory)
    module = imported_plugin(path)
    try:
        found = operator.attrgetter(attribute)(module)
    except AttributeError:
        has = [name for name, value in vars(module).items() if _may_be_meant(value, module)]
        raise UnknownIdError(f"tracker of {path}", attribute, has) from None
    if isinstance(found, TrackerSpec):
        return found
    if not callable(found):
        raise TrackbenchError(f"{named.rest} is no tracker: it is a {type(found).__name__}")
    known = [spec for spec in registry.trackers() if spec.factory is found]
    return known[0] if known else tracker_from(found, free_id(own, f"{path.stem}-{own}"))


def _may_be_meant(value: object, module: object) -> bool:
    """Whether something in a module may be a tracker, or what makes one."""
    own = getattr(value, "__module__", None) == getattr(module, "__name__", None)
    return isinstance(value, TrackerSpec) or (callable(value) and own)
