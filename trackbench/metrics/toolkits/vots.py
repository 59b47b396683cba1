"""VOTS's measures: what a tracker says where its target is absent, and where it is not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from trackbench.metrics.toolkits.curves import Floats
from trackbench.metrics.toolkits.rows import unknown
from trackbench.metrics.toolkits.vot_accuracy import start_of, started
from trackbench.metrics.toolkits.vot_overlap import empty, overlaps

_FEWEST_ABSENT = 10
"""Absent frames that a sequence must exceed for its absence-detection quality to count."""


@dataclass(frozen=True)
class Presence:
    """How the frames of known truth come out; NaN is a measure that has none to speak of.

    Attributes:
        tracked: the target is there, and the overlap above 0.
        failed: there, and the region is elsewhere.
        missed: there, and no region was given; the frame of the start is one of these.
        hallucinated: absent, and a region was given.
        noticed: absent, and none was.
        accuracy: mean overlap of the tracked frames and that of the start, which is 0; 0 of none.
    """

    tracked: int
    failed: int
    missed: int
    hallucinated: int
    noticed: int
    accuracy: float

    @property
    def _there(self) -> int:
        return self.tracked + self.failed + self.missed

    @property
    def robustness(self) -> float:
        """Share of the frames with a target that are tracked."""
        return self.tracked / self._there if self._there else math.nan

    @property
    def not_reported_error(self) -> float:
        """Share of the frames with a target for which absence was said (NRE); lower is better."""
        return self.missed / self._there if self._there else math.nan

    @property
    def drift_rate_error(self) -> float:
        """Share of the frames with a target for which another place was said (DRE)."""
        return self.failed / self._there if self._there else math.nan

    @property
    def absence_detection_quality(self) -> float:
        """Share of the frames without a target for which absence was said (ADQ)."""
        absent = self.noticed + self.hallucinated
        return self.noticed / absent if absent > _FEWEST_ABSENT else math.nan


def presence(
    answers: Floats, truth: Floats, frame: tuple[int, int], ignored: Floats | None = None
) -> Presence:
    """Return ``CountFrames`` and the accuracy beside it.

    Args:
        answers: (T, 4), NaN or without a size where the tracker says absent.
        truth: (T, 4), NaN where it is unknown, without a size where the target is absent.
        frame: (height, width).
        ignored: (T, 4), what is masked out.

    Raises:
        ToolkitRefusesError: the truth is never known.
    """
    start = start_of(truth)
    given = started(answers, start)
    overlap = overlaps(given, truth, frame, ignored)
    known = ~unknown(truth)
    there, said = known & ~empty(truth), ~empty(given)
    tracked = there & (overlap > 0)
    averaged = tracked.copy()
    averaged[start] = there[start]
    return Presence(
        tracked=int(tracked.sum()),
        failed=int((there & ~tracked & said).sum()),
        missed=int((there & ~tracked & ~said).sum()),
        hallucinated=int((known & ~there & said).sum()),
        noticed=int((known & ~there & ~said).sum()),
        accuracy=float(overlap[averaged].mean()) if averaged.any() else 0.0,
    )


def mean_over_sequences(values: Sequence[float]) -> float:
    """Return the mean of those that are numbers; NaN of none."""
    found = [value for value in values if not math.isnan(value)]
    return math.fsum(found) / len(found) if found else math.nan
