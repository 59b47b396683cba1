"""Trackers that are named and no more: ``package.module:Class``, or by a scheme.

==========================================  ==================================================
``package.module:Class``                    the class is imported
``pysot:package.module:factory``            the scheme ``pysot`` makes something of the rest
==========================================  ==================================================

Schemes are registered (:mod:`trackbench.scheme_contract`), ours as a third party's.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError, brief
from trackbench.plugins import registry
from trackbench.plugins.elsewhere import elsewhere
from trackbench.plugins.factories import resolve, tracker_from
from trackbench.plugins.importing import working_folder
from trackbench.plugins.neighbours import check_neighbours
from trackbench.plugins.own_folders import is_own_folder, own_folders
from trackbench.scheme_contract import NamedTracker, SchemeSpec


def tracker_by_name(given: str, python: str | Path | None = None) -> TrackerSpec:
    """Return the tracker of a name with a colon in it.

    Args:
        given: ``package.module:Class``, or what a scheme makes something of.
        python: the interpreter that it is to run in; None: this one.

    Raises:
        TrackbenchError: there is none.
    """
    scheme, rest = _scheme_of(given)
    if scheme is None:
        return tracker_by_dotted_name(rest) if python is None else tracker_elsewhere(rest, python)
    factory = resolve(scheme.factory)
    try:
        found = factory(NamedTracker(scheme.id, rest, python))
    except TrackbenchError:
        raise
    except Exception as error:  # a plugin may raise anything
        raise TrackbenchError(f"the scheme {scheme.id} fails: {brief(error)}") from error
    if not isinstance(found, TrackerSpec):
        raise TrackbenchError(f"the scheme {scheme.id} returns no TrackerSpec for {given}")
    registry.trackers().check_not_built_in(found.id)
    return found


def tracker_by_dotted_name(
    dotted: str, family: str = "", *, sees_future: bool = False
) -> TrackerSpec:
    """Import and return the tracker ``package.module:Class``; its id is ``class``.

    Where that is the name of a built-in tracker, it is ``module-class``.

    Args:
        dotted: its name.
        family: the toolkit that it is written for (:mod:`trackbench.host.families`); empty: ours.
        sees_future: it has ``track(frames, box)``; of a class, that is seen.

    Raises:
        TrackbenchError: it cannot be imported, is no tracker, or has the id of a built-in one.
    """
    module = dotted.partition(":")[0]
    if is_own_folder(here := working_folder()):
        check_neighbours(dotted, [module], Path(here), own_folders())
    found: Any
    try:
        found = resolve(dotted)
    except TrackbenchError as error:
        near = difflib.get_close_matches(module, _schemes(), n=1, cutoff=0.7)
        hint = f"; did you mean the scheme {near[0]}?" if near else ""
        raise TrackbenchError(f"{error}{hint}") from error
    # Importing runs the user's code, which may fail in any way.
    except (Exception, SystemExit) as error:
        raise TrackbenchError(f"{dotted} cannot be imported: {brief(error)}") from error
    if isinstance(found, TrackerSpec):
        spec = found
    else:
        name = _name_of(found, dotted)
        spec = tracker_from(found, name, family=family, sees_future=sees_future)
    registry.trackers().check_not_built_in(spec.id)
    return spec


@arguments_checked
def tracker_elsewhere(dotted: str, python: str | Path) -> TrackerSpec:
    """Return the tracker ``package.module:Class`` of another interpreter; its id is ``class``.

    It is never imported here. Its modules are looked for in the working folder and in what is
    installed there, where trackbench need not be. As on the command line, it may have a scheme
    before it.

    Args:
        dotted: its name.
        python: the interpreter (3.8 or newer, with NumPy), by its path or as the shell finds it.

    Raises:
        TrackbenchError: the interpreter, or the module, is not there.
    """
    scheme, rest = _scheme_of(dotted)
    return of_interpreter(rest, python) if scheme is None else tracker_by_name(dotted, python)


def of_interpreter(dotted: str, python: str | Path, family: str = "") -> TrackerSpec:
    """Return the tracker ``package.module:Class`` of another interpreter, without a scheme.

    Args:
        dotted: its name.
        python: the interpreter.
        family: as in :func:`tracker_by_dotted_name`.

    Raises:
        TrackbenchError: as :func:`tracker_elsewhere`.
    """
    factory = elsewhere(dotted, python, [str(Path.cwd())])
    return TrackerSpec(id=_name_of(None, dotted), factory=factory, family=family)


def free_id(*names: str) -> str:
    """Return the first of several names that is no built-in tracker's, as an id; else the last.

    What an id cannot have becomes a hyphen.
    """
    ids = [re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower() for name in names]
    return next((id_ for id_ in ids if id_ and not registry.trackers().is_built_in(id_)), ids[-1])


def _name_of(found: object, dotted: str) -> str:
    """Return an id for what has none: its name, with its module's before it if that is ours."""
    module = dotted.partition(":")[0]
    own = dotted.rpartition(":")[2] if found is None else getattr(found, "__qualname__", dotted)
    return free_id(own, f"{module.rpartition('.')[2]}-{own}", f"{module}-{own}")


def _scheme_of(given: str) -> tuple[SchemeSpec | None, str]:
    """Return the scheme that a name begins with, if it does, and what that is to be told."""
    first, _, rest = given.partition(":")
    known = _schemes()
    if first in known:
        return known[first], rest
    for scheme in known.values():
        if scheme.ending and first.endswith(scheme.ending):
            return scheme, given
    if ":" in rest:
        return registry.schemes().get(first), rest  # raises, and names the nearest scheme
    return None, given


def _schemes() -> dict[str, SchemeSpec]:
    return {scheme.id: scheme for scheme in registry.schemes()}
