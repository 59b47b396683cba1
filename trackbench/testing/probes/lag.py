"""Are answers those of an earlier frame?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trackbench.printing.amounts import counted
from trackbench.testing.points import Point
from trackbench.testing.probes.pairs import Pair

LONGEST = 5
"""Frames by which an answer may be late and still be recognised."""
EXACT = 0.3
"""Pixels within which an answer is that of a frame."""
LOOSE = 1.0


def lagging(pairs: Sequence[Pair]) -> Point | None:
    """Say that answers are those of earlier frames: all by the same number, or some of them.

    The targets change their speed all the time, so smoothing or a wrong model of motion does not
    give the answer of an earlier frame: of those, nothing is said.

    Args:
        pairs: answers and truth of videos with moving targets.
    """
    if len(pairs) < 3 or any(len(pair.answers) <= LONGEST + 2 for pair in pairs):
        return None
    delays = {_delay(pair) for pair in pairs}
    delay = delays.pop()
    if not delays and delay:
        frames = counted(delay, "frame")
        return _point(
            f"its answers lag by {frames}: what it returns fits the frame {frames} before"
        )
    shares = np.array([_late(pair) for pair in pairs])
    if (shares >= 0.2).all():
        return _point(
            f"in {shares.mean():.0%} of the frames its answer fits a frame before, not the one "
            "that it was handed"
        )
    return None


def _point(what: str) -> Point:
    return Point(
        "lagging",
        f"{what}, in each of the easy videos.",
        "update(frame) is to return where the target is in this frame: return the new box, after "
        "the search, and none that was kept from the call before.",
    )


def _delay(pair: Pair) -> int:
    """Return by how many frames all answers are late; 0: no delay explains them.

    They may be off by a constant besides: the delay is the one that makes this the most constant.
    """
    spreads = [_spread(pair, frames) for frames in range(LONGEST + 1)]
    best = int(np.argmin(spreads))
    clear = spreads[best] <= LOOSE and spreads[0] >= 2.5 * max(spreads[best], 2 * EXACT)
    return best if clear else 0


def _spread(pair: Pair, frames: int) -> float:
    centres = (
        _centres(pair.answers)[frames + 1 :],
        _centres(pair.truth)[1 : len(pair.answers) - frames],
    )
    off = centres[0] - centres[1]
    if not np.isfinite(off).all():
        return np.inf
    return float(np.percentile(np.abs(off - np.median(off, axis=0)).max(axis=1), 90))


def _late(pair: Pair) -> float:
    """Return the share of answers that are exactly those of an earlier frame.

    0 where not nearly all answers are exactly those of some frame.
    """
    answers, truth = _centres(pair.answers), _centres(pair.truth)
    ages = []
    for t in range(1, len(answers)):
        near = [k for k in range(min(t, LONGEST) + 1) if _close(answers[t], truth[t - k])]
        ages.append(near[0] if near else -1)
    found = np.array(ages)
    return float((found > 0).mean()) if (found >= 0).mean() >= 0.9 else 0.0


def _close(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    return bool(np.abs(one - other).max() <= EXACT)


def _centres(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = boxes[:, :2] + boxes[:, 2:] / 2
    return found
