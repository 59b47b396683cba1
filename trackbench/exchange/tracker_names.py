"""Ids of trackers that were imported."""

from __future__ import annotations

import re

from trackbench.errors import TrackbenchError, parameter
from trackbench.ids import parse
from trackbench.plugins import registry
from trackbench.printing.text import quoted


def tracker_id(name: str, *, asked: bool) -> str:
    """Return the id of an imported tracker of a name: SiamRPN++ is ``SiamRPNpp``.

    Args:
        name: of its folder, or what it is to be called.
        asked: it is to be called so, and not otherwise.

    Raises:
        TrackbenchError: no id can be made of it, or it is a path, or a built-in tracker's.
    """
    if not name or any(sign in name for sign in "/\\\0") or name in {".", ".."}:
        raise TrackbenchError(f"{quoted(name)} is a path and no tracker's name: write a word")
    made = re.sub(r"[^A-Za-z0-9._-]+", "-", name.replace("+", "p")).strip("-._")
    try:
        parse(made)
    except TrackbenchError:
        raise TrackbenchError(
            f"{quoted(name)} is no tracker's name: give one of letters and digits with "
            f"{parameter('tracker_name')}"
        ) from None
    if registry.trackers().is_built_in(made):
        if not asked:
            return f"{made}-imported"
        raise TrackbenchError(
            f"{made} is a tracker of trackbench's own: call the imported one otherwise with "
            f"{parameter('tracker_name')}"
        )
    return made
