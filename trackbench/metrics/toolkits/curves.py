"""Success and precision curves of one sequence, and the numbers that toolkits read off them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.toolkits.rows import length

Floats = NDArray[np.float64]

OVERLAPS: Floats = np.arange(21.0) * 0.05
"""0, 0.05, ..., 1."""
PIXELS: Floats = np.arange(51.0)
"""0, 1, ..., 50."""
SIZES: Floats = np.arange(51) / 100
"""0, 0.01, ..., 0.5 of the true box's size."""

_AT_HALF, _AT_THREE_QUARTERS = 10, 15
_AT_20 = 20


@dataclass(frozen=True)
class OpeScores:
    """What a toolkit's one-pass evaluation says of a sequence, or of the mean over sequences.

    Attributes:
        success: (21,) share of frames with an overlap above 0, 0.05, ..., 1.
        precision: (51,) share of frames with a centre error within 0, 1, ..., 50 pixels.
        normalised: (51,) the same for 0, 0.01, ..., 0.5 of the true box's size; None where the
            toolkit has no such curve.
        overlap: mean overlap; None where the toolkit does not give it.
    """

    success: Floats
    precision: Floats
    normalised: Floats | None = None
    overlap: float | None = None

    @property
    def auc(self) -> float:
        """Mean of the success curve."""
        return float(self.success.mean())

    @property
    def op50(self) -> float:
        """Share of frames with an overlap above 0.5."""
        return float(self.success[_AT_HALF])

    @property
    def op75(self) -> float:
        """Share of frames with an overlap above 0.75."""
        return float(self.success[_AT_THREE_QUARTERS])

    @property
    def precision20(self) -> float:
        """Share of frames with a centre error within 20 pixels."""
        return float(self.precision[_AT_20])

    @property
    def normalised_auc(self) -> float:
        """Mean of the curve of normalised precision."""
        return float("nan") if self.normalised is None else float(self.normalised.mean())

    @property
    def normalised20(self) -> float:
        """Share of frames with a centre error within 0.2 of the true box's size."""
        return float("nan") if self.normalised is None else float(self.normalised[_AT_20])


def mean_of(scores: Sequence[OpeScores]) -> OpeScores:
    """Return the toolkits' total: the mean of the curves, each sequence alike; NaN spoils it."""
    normalised = [each.normalised for each in scores if each.normalised is not None]
    overlaps = [each.overlap for each in scores if each.overlap is not None]
    return OpeScores(
        success=np.mean([each.success for each in scores], axis=0),
        precision=np.mean([each.precision for each in scores], axis=0),
        normalised=np.mean(normalised, axis=0) if normalised else None,
        overlap=float(np.mean(overlaps)) if overlaps else None,
    )


def share_above(values: Floats, thresholds: Floats, frames: int) -> Floats:
    """Return (K,): how many of ``values`` are above (>) each threshold, over ``frames``.

    NaN is above nothing; NaN is what comes of no frames.
    """
    known = np.sort(values[~np.isnan(values)])
    return _share(len(known) - np.searchsorted(known, thresholds, side="right"), frames)


def share_reaching(values: Floats, thresholds: Floats, frames: int) -> Floats:
    """Return (K,): as :func:`share_above`, but at or above (>=)."""
    known = np.sort(values[~np.isnan(values)])
    return _share(len(known) - np.searchsorted(known, thresholds, side="left"), frames)


def share_within(values: Floats, thresholds: Floats, frames: int) -> Floats:
    """Return (K,): how many of ``values`` are at most (<=) each threshold, over ``frames``."""
    known = np.sort(values[~np.isnan(values)])
    return _share(np.searchsorted(known, thresholds, side="right"), frames)


def _share(counts: NDArray[np.integer], frames: int) -> Floats:
    if not frames:
        return np.full(len(counts), np.nan)
    shares: Floats = counts / float(frames)
    return shares


def distance(a: Floats, b: Floats) -> Floats:
    """Return (T,): the Euclidean distance of points (T, 2); NaN and infinities as they come."""
    return length(a - b)


def quiet() -> np.errstate:
    """Return what lets NaN, infinities and divisions by 0 through, as the toolkits do."""
    return np.errstate(all="ignore")
