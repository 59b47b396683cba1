"""IoU of real rectangles, as GOT-10k and OTB take it; for that of masks see :mod:`.iou`.

A mask's IoU counts whole pixels inside the frame. This one takes the areas of the half-open
rectangles themselves, with fractions of a pixel and whatever lies outside the frame.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trackbench.metrics.iou import area, valid


def box_iou(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Return the intersection over union of rectangles, (...) float64 in [0, 1].

    Equals ``got10k.utils.metrics.rect_iou`` (toolkit 0.1.3) without a bound, and the overlap of
    OTB's ``calcRectInt.m``, whose inclusive corners give the same areas. Only invalid boxes
    (:func:`~trackbench.metrics.valid`) differ: here they score 0, there NaN or worse.

    Args:
        a: (..., 4) boxes ``(x, y, w, h)`` in pixels.
        b: (..., 4) boxes, broadcast against ``a``.
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    usable = valid(a) & valid(b)
    a, b = np.where(usable[..., None], a, 0.0), np.where(usable[..., None], b, 0.0)
    with np.errstate(over="ignore"):  # a finite box may have an infinite area, and then IoU 0
        first = np.maximum(a[..., :2], b[..., :2])
        last = np.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:])
        both = area(np.maximum(last - first, 0.0))
        union = area(a[..., 2:]) + (area(b[..., 2:]) - both)
    covered = usable & (union > 0) & np.isfinite(union)
    iou: NDArray[np.float64] = np.divide(both, union, out=np.zeros(union.shape), where=covered)
    return np.clip(iou, 0.0, 1.0)
