"""The contract as functions that say in plain words what is wrong.

>>> from trackbench.testing import check_tracker
>>> checked = check_tracker("static").raise_if_wrong()

What is imported by a name here is loaded when it is first used: the processes in which a tracker is
checked need none of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trackbench.testing.dataset import check_dataset
    from trackbench.testing.factor_suite import check_factor_suite
    from trackbench.testing.points import Checked, ContractError, Point, Severity
    from trackbench.testing.report import check_report
    from trackbench.testing.tracker import Stage, check_tracker

_HOME = {
    "Checked": "points",
    "ContractError": "points",
    "Point": "points",
    "Severity": "points",
    "Stage": "tracker",
    "check_dataset": "dataset",
    "check_factor_suite": "factor_suite",
    "check_report": "report",
    "check_tracker": "tracker",
}

__all__ = [
    "Checked",
    "ContractError",
    "Point",
    "Severity",
    "Stage",
    "check_dataset",
    "check_factor_suite",
    "check_report",
    "check_tracker",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
