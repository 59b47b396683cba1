"""What training minimises (Sec. 3.2)."""

from __future__ import annotations

import torch
from torch import Tensor

from trackbench.trackers.training.recipe import Recipe


def tracking_loss(predicted: Tensor, true: Tensor, recipe: Recipe, frame: int) -> Tensor:
    """The loss of a batch of videos tracked from their first boxes, a scalar.

    Under the paper's Gaussian of identity covariance, -log p(z* | ...) is the squared error, up to
    constants: mean over the frames (Eq. 9) + last_frame_weight * the last frame's (Eq. 8)
    + iou_weight * mean over the frames of 1 - IoU. The means keep the terms' sizes when the
    curriculum makes videos longer.

    Args:
        predicted: (T, B, 4) inclusive corners in network coordinates.
        true: (T, B, 4), the same.
        recipe: the weights.
        frame: K, pixels.
    """
    squared = (predicted - true).square().sum(-1).mean(-1)  # (T,)
    loss = squared.mean() + recipe.last_frame_weight * squared[-1]
    if recipe.iou_weight:
        loss = loss + recipe.iou_weight * (1 - continuous_iou(predicted, true, frame)).mean()
    return loss


def continuous_iou(a: Tensor, b: Tensor, frame: int) -> Tensor:
    """IoU (...) of boxes as areas, not clipped to the frame, from inclusive corners (..., 4)."""
    pixel = 2 / frame  # an inclusive corner is one pixel short of the edge
    both = torch.minimum(a, b)[..., 2:] - torch.maximum(a, b)[..., :2] + pixel
    shared = both.clamp(min=0).prod(-1)
    areas = [(box[..., 2:] - box[..., :2] + pixel).clamp(min=0).prod(-1) for box in (a, b)]
    return shared / (areas[0] + areas[1] - shared).clamp(min=pixel**2)
