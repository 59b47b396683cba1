"""What is noticed about the boxes of a file beside the truth; nothing of it is corrected here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import parameter
from trackbench.metrics import valid
from trackbench.metrics.rectangle_iou import box_iou
from trackbench.printing.amounts import counted

_PRINTED = 0.0051
"""Pixels: what a file with two decimals may lack of the truth."""
_NEAR = 1.01
"""Pixels: as near as corners come to the truth, counted from 0 or 1, the last pixel in or out."""
_HALF = 0.5


class Remark(Enum):
    """What may be said of a sequence's boxes."""

    WHOLE = "whole numbers only: they were rounded or truncated"
    CORNERS = "the first row is corners (x1, y1, x2, y2), not a size"
    ALL_CORNERS = "the rows look like corners (x1, y1, x2, y2)"
    HALF_PIXEL = "begins half a pixel off the truth"
    ONE_PIXEL = "begins one pixel off the truth"
    OTHER = "the first row is not the truth"
    FAR = "the first row is far from the truth"
    FILLED = "further repetitions are the last one again, as VOT leaves out those that are alike"
    NO_BOX = "rows that are no box, and score 0"
    PREFIX = "only the first frames of the file are used"

    @property
    def words(self) -> str:
        """What it says to who imports: with what to do, where something can be done."""
        said: str = self.value
        if self is Remark.ALL_CORNERS:
            return f"{said}: {parameter('corners', True)} reads them so"
        return said


def remarks_on(boxes: NDArray[np.float64], truth: NDArray[np.float64]) -> Mapping[Remark, str]:
    """Return what is noticed about the boxes (T, 4) of a sequence, with details; often nothing.

    Args:
        boxes: as they are stored.
        truth: (T, 4) true boxes, NaN where there is none.
    """
    found: dict[Remark, str] = {}
    nothing = np.isnan(boxes).all(axis=1)  # that is how an absent target is told
    broken = int((~valid(boxes) & ~nothing).sum())
    if broken:
        found[Remark.NO_BOX] = counted(broken, "row")
    given = boxes[1:][np.isfinite(boxes[1:]).all(axis=1)]
    fractions = bool((truth[0] != np.round(truth[0])).any())
    whole = bool(len(given) and (given == np.round(given)).all())
    if whole:
        found[Remark.WHOLE] = ""
    first = _first(boxes[0], truth[0], truncated=whole and fractions)
    if first is not None:
        found[first] = _shown(boxes[0], truth[0], first)
    if first in {Remark.CORNERS, Remark.OTHER, Remark.FAR} and _all_corners(boxes, truth):
        found = {k: v for k, v in found.items() if k is not Remark.CORNERS}
        found[Remark.ALL_CORNERS] = ""
    return found


def _first(
    row: NDArray[np.float64], truth: NDArray[np.float64], *, truncated: bool
) -> Remark | None:
    if not np.isfinite(row).all():
        return Remark.OTHER
    off = np.abs(row - truth)
    if (off <= _PRINTED).all() or (truncated and (off < 1).all()):
        return None
    if (off[2:] <= _PRINTED).all() and abs(off[0] - off[1]) <= _PRINTED:
        if abs(off[0] - _HALF) <= _PRINTED:
            return Remark.HALF_PIXEL
        if abs(off[0] - 1) <= _PRINTED:
            return Remark.ONE_PIXEL
    corners = np.concatenate([row[:2], row[2:] - row[:2]])
    if (np.abs(corners - truth) <= _NEAR).all():
        return Remark.CORNERS
    near = float(box_iou(row, truth)) >= _HALF
    return Remark.OTHER if near else Remark.FAR


def _all_corners(boxes: NDArray[np.float64], truth: NDArray[np.float64]) -> bool:
    """Whether the rows fit the truth far better as corners than as sizes."""
    rows = np.isfinite(np.concatenate([truth, boxes], axis=1))
    known: NDArray[np.bool_] = np.logical_and.reduce(rows, axis=1)
    known[:1] = False
    if not known.any():
        return False
    corners = boxes[known].copy()
    corners[:, 2:] -= corners[:, :2]
    as_corners = float(box_iou(corners, truth[known]).mean())
    return as_corners > float(box_iou(boxes[known], truth[known]).mean()) + 0.2


def _shown(row: NDArray[np.float64], truth: NDArray[np.float64], remark: Remark) -> str:
    if remark in {Remark.HALF_PIXEL, Remark.ONE_PIXEL}:
        x, y = row[:2] - truth[:2]
        return f"{x:+.1f}, {y:+.1f}"
    read, true = (",".join(f"{value:g}" for value in box) for box in (row, truth))
    return f"{read}; truth {true}"
