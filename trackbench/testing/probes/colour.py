"""Is red read as red?"""

from __future__ import annotations

from collections.abc import Sequence

from trackbench.metrics import box_iou
from trackbench.testing.points import Point
from trackbench.testing.probes.pairs import Pair

_REMEDY = (
    "frames are RGB: frame[..., 0] is red. OpenCV wants BGR; convert once, in init and in update: "
    "cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), or to grey with COLOR_RGB2GRAY."
)


def read_as_bgr(red: Pair, blue: Pair) -> Point | None:
    """Say that it follows where red and blue are exchanged, and does not where they are not.

    Args:
        red: a video in which red weighed as red shows the target.
        blue: the same with red and blue exchanged.
    """
    right, exchanged = _overlap(red), _overlap(blue)
    # One that finds nothing in either weighs colours in no wrong way that is known here.
    if exchanged < 0.6 or right > 0.5 * exchanged:
        return None
    return Point(
        "bgr",
        f"it seems to take RGB for BGR: it loses a red target (IoU {right:.2f}) and follows it "
        f"where red and blue are exchanged (IoU {exchanged:.2f}).",
        _REMEDY,
    )


def follows_twin(pairs: Sequence[Pair], grey: Pair) -> Point | None:
    """Say that it takes what has red and blue exchanged for the target.

    That is what comes of converting in ``init`` and not in ``update``, or the other way round.

    Args:
        pairs: videos in which such a twin comes close to the target, from either side.
        grey: one of them without colours: a tracker that leaves the target there, too, does not
            do so for colours.
    """
    if len(pairs) < 2 or len(grey.answers) < _PASSED + AFTERWARDS:
        return None
    target = max(_overlap(pair, AFTERWARDS) for pair in pairs)
    twin = min(
        float(box_iou(p.answers, p.other)[-AFTERWARDS:].mean())
        for p in pairs
        if p.other is not None
    )
    if twin < 0.6 or target > 0.3 or _overlap(grey, AFTERWARDS) < 0.6:
        return None
    return Point(
        "bgr",
        "it leaves a red target for a blue twin, whose colours have red and blue exchanged "
        f"(IoU {twin:.2f} with the twin, {target:.2f} with the target), and stays with it where "
        "both are grey.",
        _REMEDY,
    )


AFTERWARDS = 6
"""Frames at the end, when the twin has gone away from the target."""
_PASSED = 30


def _overlap(pair: Pair, last: int = 0) -> float:
    return float(box_iou(pair.answers, pair.truth)[1:][-last:].mean())
