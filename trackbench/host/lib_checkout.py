"""A tracker of a checkout whose top-level package is ``lib``: STARK, OSTrack and their family.

As ``lib/test/evaluation/tracker.py`` makes one: parameters from ``lib.test.parameter.NAME``, a
class from ``lib.test.tracker.NAME``, and an object of it for each video. It is then driven as
pytracking's are (:mod:`.families`), so the true box of a later frame is never handed to it.

Source: botaoye/OSTrack, ``lib/test/tracker/ostrack.py``.
"""

from __future__ import annotations

import importlib
from typing import Any


def build(name: str, parameter: str, dataset: str = "trackbench") -> Any:
    """Return a tracker, with ``initialize`` and ``track``.

    Args:
        name: of its modules in ``lib.test.parameter`` and ``lib.test.tracker``.
        parameter: of a set of parameters, such as a file in ``experiments``.
        dataset: what it is told that it is run on; some have settings by that.
    """
    parameters = importlib.import_module(f"lib.test.parameter.{name}").parameters(parameter)
    if getattr(parameters, "debug", None) is None:
        parameters.debug = 0  # which their runner sets, too
    tracker_class = importlib.import_module(f"lib.test.tracker.{name}").get_tracker_class()
    return tracker_class(parameters, dataset)
