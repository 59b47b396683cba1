"""How well predicted boxes agree with the truth.

What is imported by a name here is loaded when it is first used: the command line knows the
evaluation protocols, and need not wait for NumPy before it prints its help.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from trackbench.metrics.catalogue import METRICS as METRICS
    from trackbench.metrics.catalogue import TOOLKIT_METRICS as TOOLKIT_METRICS
    from trackbench.metrics.iou import mask_iou as mask_iou
    from trackbench.metrics.iou import valid as valid
    from trackbench.metrics.metric import Metric as Metric
    from trackbench.metrics.rectangle_iou import box_iou as box_iou
    from trackbench.metrics.success import OTB_THRESHOLDS as OTB_THRESHOLDS
    from trackbench.metrics.success import success_curve as success_curve
    from trackbench.metrics.target_loss import survival_curve as survival_curve
    from trackbench.metrics.trajectories import Trajectories as Trajectories

# No file here is called as one of these: its import would put the module in the name's place.
_HOME = {
    "METRICS": "catalogue",
    "OTB_THRESHOLDS": "success",
    "TOOLKIT_METRICS": "catalogue",
    "Metric": "metric",
    "Trajectories": "trajectories",
    "box_iou": "rectangle_iou",
    "mask_iou": "iou",
    "success_curve": "success",
    "survival_curve": "target_loss",
    "valid": "iou",
}

__all__ = [
    "METRICS",
    "OTB_THRESHOLDS",
    "TOOLKIT_METRICS",
    "Metric",
    "Trajectories",
    "box_iou",
    "mask_iou",
    "success_curve",
    "survival_curve",
    "valid",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'trackbench.metrics' has no attribute {name!r}")
    return getattr(importlib.import_module(f"trackbench.metrics.{_HOME[name]}"), name)
