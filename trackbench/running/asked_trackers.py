"""A tracker as a command asks for it: by its name, with what goes before what the name says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.own_folders import look_in_working_folder
from trackbench.running.chosen_trackers import tracker_named, with_parameters, with_weights

if TYPE_CHECKING:
    from trackbench.running.trackers_file import TrackersFile


def asked_tracker(
    name: str,
    *,
    parameters: Mapping[str, object],
    device: str | None = None,
    weights: Path | None = None,
    python: str | None = None,
    listed: TrackersFile | None = None,
) -> TrackerSpec:
    """Return the tracker of a name, with parameters of its own.

    Args:
        name: an id, a name with a colon, or one of ``listed``.
        parameters: of the tracker, in the place of those it has.
        device: that it computes on; None: as it likes.
        weights: a file; None: those that it comes with.
        python: the interpreter that imports it; None: this one.
        listed: the trackers of a ``trackers.toml``; None: there is no such file.

    Raises:
        TrackbenchError: there is none, or it does not take one of them.
    """
    if listed is not None and name in listed:
        spec = listed.spec(name, python)
    else:
        if listed is not None and ":" not in name:
            listed.check_known(name)
        if python is None:
            look_in_working_folder([name])
        spec = tracker_named(name, python)
    given = {**parameters, **({} if device is None else {"device": device})}
    if given:
        spec = with_parameters(spec, given)
    return spec if weights is None else with_weights(spec, weights)


def check_python_is_used(python: str | None, trackers: Sequence[TrackerSpec]) -> None:
    """Raise where an interpreter is asked for and none of the trackers runs in it.

    Raises:
        TrackbenchError: so it is.
    """
    if python is None or not trackers:
        return
    if not any(isinstance(spec.factory, Elsewhere) for spec in trackers):
        named = parameter("python")
        raise TrackbenchError(
            f"{named} {python} is for trackers given as module:Class or path/to/file.py:Class, "
            f"and {', '.join(spec.id for spec in trackers)} would run without it: leave {named} "
            "out, or name them so"
        )
