"""The contract as functions that say in plain words what is wrong.

>>> from trackbench.testing import check_tracker
>>> checked = check_tracker("static").raise_if_wrong()
"""

from trackbench.testing.dataset import check_dataset
from trackbench.testing.factor_suite import check_factor_suite
from trackbench.testing.points import Checked, ContractError, Point, Severity
from trackbench.testing.report import check_report
from trackbench.testing.tracker import Stage, check_tracker

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
