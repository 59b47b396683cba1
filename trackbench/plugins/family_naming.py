"""Trackers named by a scheme that says what they are called with: ``pysot:package.module:factory``.

They may be in a module or, as ``pysot:path/to/file.py:factory``, in a file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.plugins.naming import of_interpreter, tracker_by_dotted_name
from trackbench.plugins.tracker_files import is_in_file, tracker_in_file
from trackbench.scheme_contract import NamedTracker


def tracker_of_family(named: NamedTracker) -> TrackerSpec:
    """Return a tracker written for another toolkit, whose name is that of the scheme.

    Raises:
        TrackbenchError: there is no such module or file, it fails, or has no such tracker.
    """
    return _named(named, named.scheme, sees_future=False)


def tracker_of_videos(named: NamedTracker) -> TrackerSpec:
    """Return a tracker that is handed whole videos: a class, or a function that makes one.

    Raises:
        TrackbenchError: as :func:`tracker_of_family`.
    """
    return _named(named, "", sees_future=True)


def _named(named: NamedTracker, family: str, *, sees_future: bool) -> TrackerSpec:
    if is_in_file(named.rest):
        return tracker_in_file(named.rest, named.python, family, sees_future=sees_future)
    if ":" not in named.rest:
        scheme = named.scheme
        lost = "class" if Path(named.rest).suffix == ".py" else "module"
        forms = f"{scheme}:package.module:Class or {scheme}:path/to/file.py:Class"
        raise TrackbenchError(f"{scheme}:{named.rest} names no {lost}: write {forms}")
    if named.python is None:
        return tracker_by_dotted_name(named.rest, family, sees_future=sees_future)
    spec = of_interpreter(named.rest, named.python, family)
    return replace(spec, sees_future=True) if sees_future else spec
