"""Are answers the same each time, whatever was tracked before?"""

from __future__ import annotations

import numpy as np

from trackbench.testing.evidence import Act
from trackbench.testing.points import Point, Severity
from trackbench.testing.recording import Recording
from trackbench.testing.script import AFTER, ALONE, BY_ANOTHER, FIRST_OF_ALL, ONE_AFTER

LAST_DIGITS = 1e-3
"""Pixels. Sums in another order differ by less, and hardly ever change a score."""


def difference(one: Recording | None, other: Recording | None) -> float:
    """Return the largest difference of two recordings' numbers, pixels; 0 where one is missing."""
    if one is None or other is None or one.boxes.tobytes() == other.boxes.tobytes():
        return 0.0
    if one.boxes.shape != other.boxes.shape:
        return np.inf
    if (np.isnan(one.boxes) != np.isnan(other.boxes)).any():
        return np.inf
    with np.errstate(invalid="ignore"):
        apart = np.abs(one.boxes - other.boxes)
    return float(np.nanmax(np.where(one.boxes == other.boxes, 0, apart), initial=0.0))


def within(act: Act) -> dict[str, float]:
    """Return by how much the same video differs within one process: step -> pixels."""
    alone = act.video(ALONE)
    found = {step: difference(alone, act.video(step)) for step in (AFTER, BY_ANOTHER)}
    return {step: pixels for step, pixels in found.items() if pixels > 0}


def between(first: Act, second: Act) -> float:
    """Return by how much videos differ in a process that tracked them in another order."""
    return max(
        difference(first.video(ONE_AFTER), second.video(FIRST_OF_ALL)),
        difference(first.video(ALONE), second.video(AFTER)),
    )


def between_equal(first: Act, third: Act) -> float:
    """Return by how much two processes differ that did the same."""
    return max(difference(first.video(s), third.video(s)) for s in (ALONE, ONE_AFTER, AFTER))


def not_deterministic(pixels: float) -> Point | None:
    """Say that the same, done again, gave other answers.

    Args:
        pixels: the largest difference.
    """
    if pixels <= 0:
        return None
    if pixels < LAST_DIGITS:
        return Point(
            "last-digits",
            f"the same video gives boxes that differ by up to {pixels:.1g} pixels from time to "
            "time: sums are taken in another order.",
            "one thread, or deterministic kernels, make a run repeatable to the last digit.",
            Severity.WARNING,
        )
    return Point(
        "not-deterministic",
        f"the same video, tracked again in the same way, gives other boxes, {_pixels(pixels)} "
        "apart: no score of it can be repeated.",
        "seed its generator in init with a number; decide nothing by time, id() or hash().",
    )


def keeps_state(found: dict[str, float], other_order: float) -> Point | None:
    """Say that answers depend on the video before.

    Args:
        found: differences within a process that does the same each time.
        other_order: difference from a process that tracked the videos in another order.
    """
    if not found and not other_order:
        return None
    pixels = max(*found.values(), other_order, 0.0)
    whose = "the object keeps something in self"
    if not found:
        whose = "the object, its class or its module keeps something"
    if BY_ANOTHER in found:
        whose = "its class or module keeps something, for other objects are concerned, too"
    if AFTER in found and BY_ANOTHER not in found:
        whose = "the object keeps something in self that init does not renew"
    return Point(
        "keeps-state",
        f"its answers in a video depend on which videos it has tracked before, by "
        f"{_pixels(pixels)}: {whose}.",
        "init is to forget the video before: set everything there, generators, too, and nothing on "
        "the class or the module.",
    )


def hash_order(pixels: float) -> Point | None:
    """Say that answers depend on the order of sets of words."""
    if pixels <= 0:
        return None
    return Point(
        "hash-order",
        f"its answers depend on PYTHONHASHSEED, by {_pixels(pixels)}: on hash() of a word, or the "
        "order of a set of words. A run sets it to 0; your own program does not.",
        "sort the set, or use zlib.crc32 in place of hash().",
        Severity.WARNING,
    )


def _pixels(pixels: float) -> str:
    return f"up to {pixels:.3g} pixels" if np.isfinite(pixels) else "with some that are no boxes"


def beside_others(act: Act, alone: dict[str, Recording | None], together: str) -> Point | None:
    """Say that a batch gives other answers than its videos alone.

    Args:
        act: what was seen.
        alone: name of a video -> its recording alone.
        together: the step of the batch.
    """
    far = {
        seen.clip: difference(seen, alone.get(seen.clip))
        for seen in act.videos(together)
        if seen.stop is None
    }
    worst = max(far.values(), default=0.0)
    if worst <= BATCH_PIXELS:
        return None
    return Point(
        "batch",
        f"in a batch of {len(far)} videos it answers otherwise than in each alone, "
        f"{_pixels(worst)} apart: which videos are beside one decides about it.",
        "videos of a batch do not see each other: no mean over the batch (batch normalisation in "
        "training mode), answers in the order of the frames.",
    )


BATCH_PIXELS = 1e-3
"""Matrix products of another size round otherwise; our networks differ by 0.00002 for it."""
