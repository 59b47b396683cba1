"""``--param``: parameters of a tracker as they are typed."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trackbench.errors import TrackbenchError

if TYPE_CHECKING:
    from trackbench.contracts import TrackerSpec


def given_tracker(
    name: str,
    param: list[str] | None,
    device: str | None,
    weights: Path | None,
    python: str | None = None,
) -> TrackerSpec:
    """Return the tracker that a name and the options about it give.

    Raises:
        TrackbenchError: there is none, or it does not take one of them.
    """
    from trackbench.running.plan import tracker_named, with_parameters, with_weights

    spec = tracker_named(name, python)
    parameters = given_parameters(param or [])
    if device is not None:
        parameters["device"] = device
    if parameters:
        spec = with_parameters(spec, parameters)
    return spec if weights is None else with_weights(spec, weights)


def given_parameters(given: list[str]) -> dict[str, Any]:
    """Return what ``--param`` gives: NAME=VALUE, the value as Python writes it, or a bare word.

    Raises:
        TrackbenchError: one is not of that form.
    """
    parameters = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or not name.isidentifier():
            raise TrackbenchError(f"bad --param {item!r}: write NAME=VALUE, such as n=5")
        if name in parameters:
            raise TrackbenchError(f"--param {name} is given twice")
        try:
            parameters[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            parameters[name] = value  # a bare word is a string
    return parameters
