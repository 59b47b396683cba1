"""trackbench: a benchmark harness for single-object visual trackers.

>>> import trackbench
>>> trackbench.run("kcf", suite="smoke").table()  # doctest: +SKIP

What is imported by a name here is loaded when it is first used, so that ``trackbench list`` and a
plugin's import stay quick.
"""

from __future__ import annotations

import importlib

# Not from typing, which would be imported from a typing.py in the working folder: see __main__.py.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trackbench.api import run as run
    from trackbench.contracts import BatchTracker as BatchTracker
    from trackbench.contracts import Dataset as Dataset
    from trackbench.contracts import DatasetSpec as DatasetSpec
    from trackbench.contracts import Sequence as Sequence
    from trackbench.contracts import Suite as Suite
    from trackbench.contracts import Tracker as Tracker
    from trackbench.contracts import TrackerSpec as TrackerSpec
    from trackbench.errors import TrackbenchError as TrackbenchError
    from trackbench.plugins.loading import register_tracker as register_tracker
    from trackbench.results.directory import Results as Results

_HOME = {
    "run": "api",
    "BatchTracker": "contracts",
    "Dataset": "contracts",
    "DatasetSpec": "contracts",
    "Sequence": "contracts",
    "Suite": "contracts",
    "Tracker": "contracts",
    "TrackerSpec": "contracts",
    "TrackbenchError": "errors",
    "register_tracker": "plugins.loading",
    "Results": "results.directory",
}

__all__ = [
    "BatchTracker",
    "Dataset",
    "DatasetSpec",
    "Results",
    "Sequence",
    "Suite",
    "TrackbenchError",
    "Tracker",
    "TrackerSpec",
    "register_tracker",
    "run",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("trackbench")
    if name not in _HOME:
        raise AttributeError(f"module 'trackbench' has no attribute {name!r}")
    return getattr(importlib.import_module(f"trackbench.{_HOME[name]}"), name)
