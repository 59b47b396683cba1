"""The found box, each side moved by at most one pixel to where the target's pixels end."""

from __future__ import annotations

import numpy as np

from trackbench.trackers.champion_background import Mask


def tightened(
    box: tuple[int, int, int, int], target: Mask, hiding: Mask
) -> tuple[int, int, int, int]:
    """Return x, y, width, height of ``box`` with its sides at the edges of ``target``.

    A side goes in where neither a target's pixel nor one that may hide one lies along it, and out
    where a target's pixel lies just outside.

    Args:
        box: x, y, width, height in whole pixels, inside the frame.
        target: (H, W) pixels that look like the target's.
        hiding: (H, W) pixels of the background that may hide one.
    """
    x, y, w, h = box
    rows, columns = np.s_[y : y + h], np.s_[:, x : x + w]
    left, right = _ends(_any(target[rows], 0), _any(hiding[rows], 0), x, w)
    top, bottom = _ends(_any(target[columns], 1), _any(hiding[columns], 1), y, h)
    return left, top, max(right - left, 1), max(bottom - top, 1)


def _any(mask: Mask, axis: int) -> Mask:
    found: Mask = np.any(mask, axis=axis)
    return found


def _ends(target: Mask, hiding: Mask, start: int, length: int) -> tuple[int, int]:
    stop = start + length
    mirrored = len(target) - stop
    first = start + _step(target, hiding, start)
    return first, stop - _step(target[::-1], hiding[::-1], mirrored)


def _step(target: Mask, hiding: Mask, edge: int) -> int:
    """Return 1 to go in, -1 to go out, 0 to stay; ``edge`` is the outermost row of the box."""
    if not target[edge] and not hiding[edge]:
        return 1
    return -1 if edge > 0 and bool(np.any(target[edge - 1])) else 0
