"""Are the four numbers of an answer meant as (x, y, w, h)?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics import box_iou
from trackbench.testing.drawing import SIDE
from trackbench.testing.points import Point
from trackbench.testing.probes.pairs import Pair
from trackbench.testing.probes.readings import GIVEN, READINGS, Back, Reading

EARLY = 4
"""Frames in which a tracker that soon loses its target still has it."""


def misread(pairs: Sequence[Pair]) -> tuple[Point, Back] | None:
    """Say that answers are meant otherwise than (x, y, w, h), if that alone explains them.

    Said only if another reading of the same answers fits the truth at least twice as well as the
    given one, and well in every video, or exactly: so nothing is said of who only follows badly.

    Args:
        pairs: answers and truth of several videos that differ in places and sizes.

    Returns:
        What is wrong, and a function from such answers to boxes, for the other probes to use.
    """
    if len(pairs) < 3:
        return None
    given = _fit(pairs, GIVEN.back)
    found = [
        (fit, reading)
        for reading in _candidates(pairs)
        if _far_better(fit := _fit(pairs, reading.back), given)
    ]
    if not found:
        return None
    # Of readings that fit as well, the simplest stands first.
    best = max(fit.whole.mean() for fit, _ in found)
    fit, reading = next((f, r) for f, r in found if f.whole.mean() >= best - 0.02)
    point = Point(
        reading.name,
        f"its answers seem to be {reading.words}. Read so, they overlap with the truth by "
        f"{fit.whole.mean():.2f} (mean IoU of {len(pairs)} easy videos); read as (x, y, w, h), by "
        f"{given.whole.mean():.2f}.",
        reading.remedy + ".",
    )
    return point, reading.back


@dataclass(frozen=True)
class _Fit:
    """How well a reading fits: (N,) each, of N videos.

    Attributes:
        whole: mean IoU of all frames but the first.
        early: of the first few of them.
        error: mean distance from the truth, pixels.
    """

    whole: NDArray[np.float64]
    early: NDArray[np.float64]
    error: NDArray[np.float64]


def _fit(pairs: Sequence[Pair], back: Back) -> _Fit:
    whole, early, error = [], [], []
    for pair in pairs:
        meant = back(pair.answers)
        iou = box_iou(meant, pair.truth)[1:]
        whole.append(iou.mean())
        early.append(iou[:EARLY].mean())
        distance = np.abs(meant - pair.truth)[1:].mean()
        error.append(distance if np.isfinite(distance) else np.inf)
    return _Fit(np.array(whole), np.array(early), np.array(error))


def _far_better(fit: _Fit, given: _Fit) -> bool:
    if fit.error.max() <= 0.3 and given.error.min() >= 1.0:
        return True
    return any(
        other.min() >= 0.45 and other.mean() >= 0.6 and first.mean() <= 0.5 * other.mean()
        for other, first in ((fit.whole, given.whole), (fit.early, given.early))
    )


def _candidates(pairs: Sequence[Pair]) -> Iterator[Reading]:
    """Yield readings, then the same of numbers that were scaled."""
    yield from READINGS
    for reading in (GIVEN, *READINGS):
        for scaled, words, columns in (
            (_scaled, "all four numbers", slice(0, 4)),
            (_moved, "positions, not sizes", slice(0, 2)),
        ):
            factor = _factor(pairs, reading.back, columns)
            if factor is None or abs(factor - 1) < 0.02:
                continue
            yield Reading("scaled", *_said(reading, factor, words), scaled(reading.back, factor))


def _said(reading: Reading, factor: float, which: str) -> tuple[str, str]:
    if abs(factor - SIDE) < 0.02 * SIDE:
        words = f"{reading.words}, in shares of the frame's size (0 to 1), not in pixels"
        return words, "multiply by the frame's width and height: boxes are in pixels"
    words = f"{reading.words}, {which} {1 / factor:.3g} times as large as they should be"
    return words, "scale answers back to the pixels of the frame that update was handed"


def _factor(pairs: Sequence[Pair], back: Back, columns: slice) -> float | None:
    """Return what makes the truth of the answers, by least squares."""
    meant = np.concatenate([back(pair.answers)[1:, columns] for pair in pairs])
    truth = np.concatenate([pair.truth[1:, columns] for pair in pairs])
    usable = np.isfinite(meant).all(axis=1) & (np.abs(meant) < 1e9).all(axis=1)
    square = float((meant[usable] ** 2).sum())
    if square <= 0:
        return None
    factor = float((meant[usable] * truth[usable]).sum()) / square
    return factor if factor > 0 else None


def _scaled(back: Back, factor: float) -> Back:
    return lambda answers: back(answers) * factor


def _moved(back: Back, factor: float) -> Back:
    return lambda answers: back(answers) * np.array([factor, factor, 1, 1])
