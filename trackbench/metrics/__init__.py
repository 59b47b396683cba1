"""How well predicted boxes agree with the truth."""

from trackbench.metrics.iou import mask_iou, valid

__all__ = ["mask_iou", "valid"]
