"""The overlap of VOT's toolkit: rectangles rounded to pixels, which are then counted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.toolkits.curves import Floats, quiet
from trackbench.metrics.toolkits.rows import every, some, unknown

Rows = NDArray[np.int64]
"""(T, 4): first and last column and row, inclusive: left, top, right, bottom."""


def overlaps(a: Floats, b: Floats, frame: tuple[int, int], ignored: Floats | None = None) -> Floats:
    """Return (T,): ``calculate_overlaps(a, b, bounds)`` of boxes, without making a mask.

    x, y, width and height are each rounded (of halves, to even), in single precision as the toolkit
    keeps them; pixels outside the frame do not count. Two boxes overlap by 1 whose joint extent is
    a single pixel wide or high, whatever they are, and by 0 if what of it is inside the frame is.
    A row with NaN is the toolkit's special region: without a pixel, at the origin.

    Args:
        a: (T, 4), NaN where there is no region.
        b: (T, 4), as ``a``.
        frame: (height, width).
        ignored: (T, 4), boxes whose pixels are not counted; None: every one is.
    """
    first, second = _edges(a), _edges(b)
    extent = np.concatenate(
        [np.minimum(first[:, :2], second[:, :2]), np.maximum(first[:, 2:], second[:, 2:])], axis=1
    )
    seen = np.concatenate(
        [
            np.maximum(extent[:, :2], 0),
            np.minimum(extent[:, 2:], np.array([frame[1] - 1, frame[0] - 1])),
        ],
        axis=1,
    )
    first, second = (
        _within(edges, seen, empty=_special(boxes)) for edges, boxes in ((first, a), (second, b))
    )
    both = _within(first, second)
    shared = _pixels(both)
    joint = _pixels(first) + _pixels(second) - shared
    if ignored is not None:
        hidden = _within(_edges(ignored), seen, empty=_special(ignored))
        shared_hidden = _pixels(_within(both, hidden))
        joint -= _pixels(_within(first, hidden)) + _pixels(_within(second, hidden)) - shared_hidden
        shared = shared - shared_hidden
    overlap: Floats = np.divide(shared, joint, out=np.zeros(len(a)), where=joint > 0)
    overlap[_flat(seen)] = 0.0
    overlap[_flat(extent)] = 1.0
    return overlap


def empty(boxes: Floats) -> NDArray[np.bool_]:
    """Return (T,): the region has no area, or is no rectangle at all (``Region.is_empty``)."""
    with quiet():
        return ~every(boxes[:, 2:].astype(np.float32) > 0) | _special(boxes)


def _special(boxes: Floats) -> NDArray[np.bool_]:
    return unknown(boxes)


def _edges(boxes: Floats) -> Rows:
    with quiet():
        rounded = np.round(np.where(_special(boxes)[:, None], 0.0, boxes).astype(np.float32))
        last = rounded[:, :2] + rounded[:, 2:] - np.float32(1)
        edges = np.concatenate([rounded[:, :2], last], axis=1)
        # A special region's extent is the pixel at the origin.
        edges[_special(boxes)] = 0.0
        whole: Rows = np.clip(edges, -(2.0**31), 2.0**31).astype(np.int64)
    return whole


def _within(edges: Rows, bounds: Rows, empty: NDArray[np.bool_] | None = None) -> Rows:
    cut = np.concatenate(
        [np.maximum(edges[:, :2], bounds[:, :2]), np.minimum(edges[:, 2:], bounds[:, 2:])], axis=1
    )
    if empty is not None:
        cut[empty] = (0, 0, -1, -1)
    return cut


def _pixels(edges: Rows) -> Rows:
    sides = np.maximum(edges[:, 2:] - edges[:, :2] + 1, 0)
    pixels: Rows = sides[:, 0] * sides[:, 1]
    return pixels


def _flat(edges: Rows) -> NDArray[np.bool_]:
    return some(edges[:, :2] >= edges[:, 2:])
