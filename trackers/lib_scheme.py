"""``lib:CHECKOUT:NAME:PARAMETER``: a tracker of the OSTrack and STARK family, where it lies."""

from __future__ import annotations

import sys
from pathlib import Path

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.plugins.elsewhere import elsewhere
from trackbench.plugins.naming import free_id
from trackbench.scheme_contract import NamedTracker

_TRACKERS, _PARAMETERS = "lib.test.tracker", "lib.test.parameter"


def lib_tracker(named: NamedTracker) -> TrackerSpec:
    """Return a tracker of a checkout; nothing of that is imported here.

    All of the family call their package ``lib``, so each runs in a process that has its own folder
    before all others on Python's path; that is its working folder, too.

    Raises:
        TrackbenchError: there is no such checkout, tracker or interpreter.
    """
    words = named.rest.rsplit(":", 2)
    if len(words) != 3 or not all(words):
        raise TrackbenchError(
            f"lib:{named.rest} does not say enough: write lib:CHECKOUT:NAME:PARAMETER"
        )
    checkout, name, chosen = Path(words[0]).expanduser().absolute(), words[1], words[2]
    for package in (_TRACKERS, _PARAMETERS):
        folder = checkout.joinpath(*package.split("."))
        if not folder.is_dir():
            raise TrackbenchError(f"{words[0]} is no checkout of this family: it has no {folder}")
        known = [file.stem for file in folder.glob("*.py") if file.stem != "__init__"]
        if name not in known:
            raise UnknownIdError(f"module of {package} in {words[0]}", name, known)
    factory = elsewhere(
        f"{_TRACKERS}.{name}:get_tracker_class",
        sys.executable if named.python is None else named.python,
        (),
        first=str(checkout),
        also=(f"{_PARAMETERS}.{name}",),
        built_by="trackbench_host.lib_checkout:build",
        start_in=str(checkout),
    )
    called = f"{name}-{Path(chosen).stem}"
    return TrackerSpec(
        id=free_id(called, f"lib-{called}"),
        factory=factory,
        family="pytracking",
        parameters={"name": name, "parameter": chosen},
        fixed=("name", "parameter"),
        description=f"{name} with {chosen}, of a checkout",
    )
