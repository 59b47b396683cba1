"""What is recorded of each frame from the boxes of the target and of what is like it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes
from trackbench.metrics.iou import mask_iou


def speed(boxes: Boxes) -> NDArray[np.float64]:
    """Return (T,): pixels that the centre of the box moved since the frame before; NaN in 0."""
    moved = np.full(len(boxes), np.nan)
    centres = _centres(boxes)
    moved[1:] = _lengths(centres[1:] - centres[:-1])
    return moved


def distractors(
    boxes: Boxes, neighbours: list[Boxes], twins: list[Boxes], size: tuple[int, int]
) -> dict[str, NDArray[np.float64]]:
    """Return what is nearest to the target, by the boxes' centres; NaN where there is nothing.

    Args:
        boxes: (T, 4), the target's.
        neighbours: (T, 4) each, of everything else that moves.
        twins: (T, 4) each, of what looks like the target.
        size: (height, width) of a frame.
    """
    iou, distance = np.full(len(boxes), np.nan), np.full(len(boxes), np.nan)
    for other in neighbours:
        away = _distance(boxes, other)
        nearer = ~(away >= distance)
        distance = np.where(nearer, away, distance)
        iou = np.where(nearer, mask_iou(boxes, other, size), iou)
    nearest = np.full(len(boxes), np.nan)
    for twin in twins:
        nearest = np.fmin(nearest, _distance(boxes, twin))
    return {"distractor_iou": iou, "distractor_distance": distance, "twin_distance": nearest}


def _distance(a: Boxes, b: Boxes) -> NDArray[np.float64]:
    return _lengths(_centres(a) - _centres(b))


def _centres(boxes: Boxes) -> NDArray[np.float64]:
    return boxes[:, :2] + boxes[:, 2:] / 2


def _lengths(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.sqrt((vectors * vectors).sum(axis=-1))
    return lengths
