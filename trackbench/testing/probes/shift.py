"""Are answers off by the same amount everywhere?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trackbench.testing.points import Point, Severity
from trackbench.testing.probes.pairs import Pair

SMALLEST = 0.4
"""Pixels: half a pixel is reported, rounding is not."""
SPREAD = 0.3
"""Pixels that nine of ten frames, and all videos, may differ in their shift."""
_STILL = 0.1
"""Pixels that answers may differ in where nothing moves."""
_CORNER = "pixel frame[r, c] covers [c, c + 1) x [r, r + 1): the frame's left top corner is (0, 0)."


def shifted(pairs: Sequence[Pair]) -> Point | None:
    """Say that positions are off by a constant, the same in every video and frame.

    A tracker that drifts is off by another amount in each video, and by nothing where the target
    stands still: of it, nothing is said. Nor is it where one that drifts is off by something else
    than a pixel where the target stands still.

    Args:
        pairs: answers and truth of several videos, one of a target that stands still.
    """
    common = _common(pairs, slice(0, 2))
    if common is None:
        return _from_one_in_stillness(pairs)
    if np.abs(common).max() < SMALLEST:
        return None
    size = _common(pairs, slice(2, 4))
    if size is not None and np.abs(common + size / 2).max() < SMALLEST:
        return None  # around the right place, and too large or too small: see resized()
    x, y = common
    from_one = np.abs(common - 1).max() <= SPREAD
    why = " It seems to count pixels from 1." if from_one else ""
    return Point(
        "shifted",
        f"its boxes are off by ({x:+.2f}, {y:+.2f}) pixels in x and y, the same in every frame of "
        f"{len(pairs)} videos.{why}",
        _CORNER,
    )


def _from_one_in_stillness(pairs: Sequence[Pair]) -> Point | None:
    """Say of a tracker that is not precise that it is a pixel off where nothing moves.

    How it drifts elsewhere hides that. Where the target stands still there is nothing to drift
    with, and what counts from 0 is right there, from the first frame on.
    """
    for pair in pairs:
        off = (pair.answers - pair.truth)[1:]
        if pair.name != "still" or not len(off) or not np.isfinite(off).all():
            continue
        x, y = np.median(off[:, :2], axis=0)
        same = np.abs(off - np.array([x, y, 0.0, 0.0])).max() <= _STILL
        if same and x * y > 0 and np.abs(np.abs([x, y]) - 1).max() < _STILL:
            return Point(
                "shifted",
                f"its boxes are off by ({x:+.2f}, {y:+.2f}) pixels in x and y in every frame of a "
                "video in which nothing moves; elsewhere it is not precise enough to say. It seems "
                "to count pixels from 1.",
                _CORNER,
            )
    return None


def resized(pairs: Sequence[Pair]) -> Point | None:
    """Say that sizes are off by a constant, such as those of inclusive corners."""
    common = _common(pairs, slice(2, 4))
    if common is None or np.abs(common).max() < SMALLEST:
        return None
    width, height = common
    inclusive = np.abs(common + 1).max() <= SPREAD
    why = " It seems to subtract inclusive corners." if inclusive else ""
    return Point(
        "resized",
        f"its boxes are {width:+.2f} pixels in width and {height:+.2f} in height off, the same in "
        f"every frame of {len(pairs)} videos.{why}",
        "where left and right are numbers of pixels inside, the width is right - left + 1; a "
        "margin around the target is not part of its box.",
        Severity.WARNING,
    )


def truncated(pair: Pair) -> Point | None:
    """Say that answers are whole numbers, rounded down.

    Args:
        pair: answers and truth of a video with positions between pixels.
    """
    answers, truth = pair.answers[1:], pair.truth[1:]
    if not len(answers) or not np.isfinite(answers).all() or (answers != np.rint(answers)).any():
        return None
    off = answers[:, :2] - truth[:, :2]
    down = ((off > -1.01) & (off <= 0.3)).mean()
    if down < 0.9 or off.mean() > -0.3:
        return None
    return Point(
        "truncated",
        f"its answers are whole numbers, rounded down: {-off.mean():.2f} pixels too small on "
        "average where the target lies between pixels.",
        "return floats as they are, or round to the nearest whole number.",
        Severity.WARNING,
    )


def _common(pairs: Sequence[Pair], columns: slice) -> NDArray[np.float64] | None:
    """Return by what (2,) all answers are off, if it is the same everywhere."""
    if len(pairs) < 3:
        return None
    medians = []
    for pair in pairs:
        off = (pair.answers - pair.truth)[1:, columns]
        if not np.isfinite(off).all():
            return None
        middle = np.median(off, axis=0)
        if (np.percentile(np.abs(off - middle), 90, axis=0) > SPREAD).any():
            return None
        medians.append(middle)
    if (np.ptp(medians, axis=0) > SPREAD).any():
        return None
    found: NDArray[np.float64] = np.mean(medians, axis=0)
    return found
