"""``--param``: parameters of a tracker as they are typed."""

from __future__ import annotations

import ast
from typing import Any

from trackbench.errors import TrackbenchError


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
