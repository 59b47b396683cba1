"""TrackingNet's devkit: ``metrics.evaluate``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.toolkits.curves import Floats, quiet, share_reaching, share_within

_OVERLAPS: Floats = np.linspace(0, 1, 21)
_STEPS: Floats = np.diff(_OVERLAPS)
_PIXELS: Floats = np.linspace(0, 50, 21)
_SIZES: Floats = np.linspace(0, 0.5, 21)


@dataclass(frozen=True)
class TrackingNetScores:
    """Curves of 21 points each, of a sequence or the mean over sequences.

    Attributes:
        covered: (T,) bool: frames that have an answer, the sum of whose numbers is above 0.
        success, precision, normalised: (21,), for overlaps of 0 to 1, errors of 0 to 50 pixels, and
            of 0 to 0.5 of the true box's size.
    """

    covered: NDArray[np.bool_]
    success_curve: Floats
    precision_curve: Floats
    normalised_curve: Floats

    @property
    def coverage(self) -> float:
        """Share of frames that have an answer."""
        return float(self.covered.mean())

    @property
    def success(self) -> float:
        """Area under the success curve; 1 for the truth itself, for thresholds are reached (>=)."""
        return _area(self.success_curve)

    @property
    def precision(self) -> float:
        """Area under the curve of precision up to 50 pixels, scaled to 1."""
        return _area(self.precision_curve)

    @property
    def normalised(self) -> float:
        """Area under the curve of normalised precision up to 0.5, scaled to 1."""
        return _area(self.normalised_curve)


def evaluate(answers: Floats, truth: Floats) -> TrackingNetScores:
    """Return the scores of a sequence: every frame, the first being the truth's.

    Boxes are rounded to whole pixels (halves to even). An edge that is NaN in one of the two boxes
    is taken from the other when they are intersected, as pandas passes over NaN.
    """
    return evaluate_all(answers[np.newaxis], truth[np.newaxis])[0]


def evaluate_all(answers: Floats, truth: Floats) -> list[TrackingNetScores]:
    """Return what :func:`evaluate` says of each of N sequences (N, T, 4)."""
    shape = truth.shape[:2]
    a, b = np.round(answers), np.round(truth)
    a[:, 0] = b[:, 0]
    with quiet():
        numbers = [each.reshape(shape) for each in _frames(a.reshape(-1, 4), b.reshape(-1, 4))]
    return [
        TrackingNetScores(
            covered=covered > 0,
            success_curve=share_reaching(overlap, _OVERLAPS, shape[1]),
            precision_curve=share_within(error, _PIXELS, shape[1]),
            normalised_curve=share_within(normalised, _SIZES, shape[1]),
        )
        for covered, overlap, error, normalised in zip(*numbers, strict=True)
    ]


def _frames(a: Floats, b: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return of each frame the sum of the answer, overlap, error, and that by the true size."""
    first = np.fmax(b[:, :2], a[:, :2])
    last = np.fmin(b[:, :2] + b[:, 2:] - 1.0, a[:, :2] + a[:, 2:] - 1.0)
    sides = np.maximum(np.round(last - first + 1), 0)
    both = sides[:, 0] * sides[:, 1]
    overlap = both / (b[:, 3] * b[:, 2] + a[:, 3] * a[:, 2] - both)
    apart = _centres(b) - _centres(a)
    error = np.sqrt(apart[:, 0] * apart[:, 0] + apart[:, 1] * apart[:, 1])
    squares = apart / b[:, 2:] * apart / b[:, 2:]
    normalised = np.sqrt(squares[:, 0] + squares[:, 1])
    return a[:, 3] + a[:, 2] + a[:, 0] + a[:, 1], overlap, error, normalised


def mean_of(scores: Sequence[TrackingNetScores]) -> TrackingNetScores:
    """Return the devkit's total: sequences count alike in curves, frames in coverage."""
    return TrackingNetScores(
        covered=np.concatenate([each.covered for each in scores]),
        success_curve=np.mean([each.success_curve for each in scores], axis=0),
        precision_curve=np.mean([each.precision_curve for each in scores], axis=0),
        normalised_curve=np.mean([each.normalised_curve for each in scores], axis=0),
    )


def _centres(boxes: Floats) -> Floats:
    centres: Floats = boxes[:, :2] + (boxes[:, 2:] + 1.0) / 2.0
    return centres


def _area(curve: Floats) -> float:
    """Return the area by the trapezium rule over thresholds scaled to [0, 1]."""
    return float(((curve[1:] + curve[:-1]) / 2 * _STEPS).sum())
