"""How toolkits make a box of a polygon of four corners."""

from __future__ import annotations

import numpy as np

from trackbench.metrics.toolkits.curves import Floats


def box_of_same_area(corners: Floats) -> Floats:
    """Return the box (4,) of got10k's toolkit and pysot: the polygon's centre, extent and area.

    The extent is shrunk until it has the area |p0 p1| |p1 p2|, and a pixel is added to each side
    (Kristan et al.'s rule for inclusive pixels): a square of 20 pixels becomes one of 21.

    Args:
        corners: (4, 2), in order.
    """
    centre = corners.mean(axis=0)
    extent = np.ptp(corners, axis=0)
    area = np.linalg.norm(corners[0] - corners[1]) * np.linalg.norm(corners[1] - corners[2])
    size = extent * np.sqrt(area / np.prod(extent)) + 1
    return np.concatenate([centre - size / 2, size])


def box_of_extent(corners: Floats) -> Floats:
    """Return the box (4,) of pytracking: from the smallest to the largest x and y.

    Args:
        corners: (P, 2).
    """
    return np.concatenate([corners.min(axis=0), np.ptp(corners, axis=0)])
