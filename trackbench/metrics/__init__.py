"""How well predicted boxes agree with the truth."""

from trackbench.metrics.box_iou import box_iou
from trackbench.metrics.catalogue import METRICS, Metric
from trackbench.metrics.iou import mask_iou, valid
from trackbench.metrics.success import OTB_THRESHOLDS, success_curve
from trackbench.metrics.target_loss import survival_curve
from trackbench.metrics.trajectories import Trajectories

__all__ = [
    "METRICS",
    "OTB_THRESHOLDS",
    "Metric",
    "Trajectories",
    "box_iou",
    "mask_iou",
    "success_curve",
    "survival_curve",
    "valid",
]
