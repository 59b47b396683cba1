"""Rows of an annotation made into boxes: corners or sizes, counted from 0 or 1, absent or unknown.

A box that stands in a file stands here. There is none, and the row is NaN, where the file has NaN,
four times -1, or a width or height of 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.arguments.bounds import Whole
from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import Boxes
from trackbench.datasets.readers.data_errors import data_error

LARGEST = 10**6
"""Of a number of a box, in pixels; beyond it a file holds something else."""


class BoxFormat(Enum):
    """What the four numbers of a box are, in pixels."""

    XYWH = "xywh"
    """Left, top, width, height."""
    XYXY = "xyxy"
    """Left, top, right, bottom; the width is right - left."""


class NoBox(Enum):
    """What a row of NaN says in a layout."""

    ABSENT = "absent"
    """The target is not to be seen."""
    UNKNOWN = "unknown"
    """Nobody says where the target is."""


@dataclass(frozen=True, eq=False)
class Truth:
    """What a file says about T frames.

    Attributes:
        boxes: (T, 4) float64, ``(x, y, w, h)`` in pixels; NaN where there is none.
        absent: (T,) bool: there is none because the target is not to be seen.
        rows: (T, 4) float64, what stands in the file where there is none; x and y are as it counts
            them.
    """

    boxes: Boxes
    absent: NDArray[np.bool_]
    rows: Boxes


@arguments_checked
def boxes_of_rows(
    rows: NDArray[np.float64],
    path: str | Path,
    *,
    form: BoxFormat = BoxFormat.XYWH,
    origin: int = 0,
    nan: NoBox = NoBox.ABSENT,
) -> Truth:
    """Return the boxes of rows (T, 4).

    Args:
        rows: as they stand in the file, a row a line.
        path: of the file, for messages.
        form: what the four numbers are.
        origin: is taken off x and y: the number that the file gives the first pixel, if a tracker
            is to see it as 0.
        nan: what a row of NaN says.

    Raises:
        DataError: a size is negative, a number too large, or a part of a row is NaN.
    """
    origin = Whole(-LARGEST, LARGEST).of("origin", origin)
    missing = np.isnan(rows)
    nowhere = missing.all(axis=1)
    minus = (rows == -1).all(axis=1)
    boxes = rows.copy()
    if form is BoxFormat.XYXY:
        boxes[:, 2:] -= boxes[:, :2]
    said = boxes.copy()
    _check(missing.any(axis=1) & ~nowhere, rows, path, "only a part of the box is NaN")
    _check((abs(rows) > LARGEST).any(axis=1), rows, path, "no frame has so many pixels")
    _check((boxes[:, 2:] < 0).any(axis=1) & ~minus, rows, path, "a width or height is negative")
    sizeless = (boxes[:, 2:] == 0).any(axis=1)
    boxes[:, :2] -= origin
    boxes[nowhere | minus | sizeless] = np.nan
    absent = minus | sizeless
    return Truth(boxes, absent | nowhere if nan is NoBox.ABSENT else absent, said)


def _check(wrong: Any, rows: NDArray[np.float64], path: str | Path, why: str) -> None:
    if wrong.any():
        line = int(np.flatnonzero(wrong)[0])
        row = ",".join(f"{value:g}" for value in rows[line])
        raise data_error(path, f"{why} ({row})", line + 1)
