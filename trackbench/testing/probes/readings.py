"""Ways in which four numbers are meant that are not (x, y, w, h)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trackbench.contracts import Boxes
from trackbench.testing.drawing import SIDE

Back = Callable[[Boxes], Boxes]
"""Answers (T, 4) as they were meant -> boxes (x, y, w, h)."""


@dataclass(frozen=True)
class Reading:
    """A way to mean four numbers.

    Attributes:
        name: of the point.
        words: how the numbers are meant.
        remedy: what to do about it.
        back: gives the boxes.
    """

    name: str
    words: str
    remedy: str
    back: Back


def _picked(*columns: int) -> Back:
    return lambda answers: answers[:, columns]


def _corners(*columns: int) -> Back:
    def back(answers: Boxes) -> Boxes:
        corner, end = answers[:, columns[:2]], answers[:, columns[2:]]
        return np.hstack([corner, end - corner])

    return back


def _centre(*columns: int) -> Back:
    def back(answers: Boxes) -> Boxes:
        picked = answers[:, columns]
        return np.hstack([picked[:, :2] - picked[:, 2:] / 2, picked[:, 2:]])

    return back


def _mirrored(*axes: int) -> Back:
    def back(answers: Boxes) -> Boxes:
        turned = answers.copy()
        for axis in axes:
            turned[:, axis] = SIDE - answers[:, axis] - answers[:, axis + 2]
        return turned

    return back


_BOX = "a box is (x, y, w, h): the left top corner, then width and height"
_SWAP = f"x runs to the right and indexes columns, frame[y, x]; {_BOX}"
_ORIGIN = "the origin is the frame's left top corner"
_SIZES = f"return x2 - x1 and y2 - y1: {_BOX}"
_HALF = f"return cx - w / 2 and cy - h / 2: {_BOX}"

GIVEN = Reading("", "(x, y, w, h)", "", _picked(0, 1, 2, 3))
READINGS = tuple(
    Reading(name, words, remedy, back)
    for name, words, remedy, back in (
        ("corners", "corners (x1, y1, x2, y2)", _SIZES, _corners(0, 1, 2, 3)),
        ("corners", "corners (x1, x2, y1, y2)", _SIZES, _corners(0, 2, 1, 3)),
        ("swapped", "x and y swapped: (y, x, h, w)", _SWAP, _picked(1, 0, 3, 2)),
        ("swapped", "x and y swapped: (y, x, w, h)", _SWAP, _picked(1, 0, 2, 3)),
        ("swapped", "width and height swapped: (x, y, h, w)", _BOX, _picked(0, 1, 3, 2)),
        ("swapped", "corners, swapped: (y1, x1, y2, x2)", _SWAP, _corners(1, 0, 3, 2)),
        ("centre", "the centre and the size: (cx, cy, w, h)", _HALF, _centre(0, 1, 2, 3)),
        ("centre", "the centre and the size, swapped: (cy, cx, h, w)", _SWAP, _centre(1, 0, 3, 2)),
        ("mirrored", "x counted from the right", _ORIGIN, _mirrored(0)),
        ("mirrored", "y counted from below", _ORIGIN, _mirrored(1)),
        ("mirrored", "x counted from the right and y from below", _ORIGIN, _mirrored(0, 1)),
    )
)
