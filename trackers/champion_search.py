"""The best place and size in a frame: all of it at few sizes, then nearby at all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trackbench.trackers.champion_motion import Motion
from trackbench.trackers.champion_target import NATIVE, Evidence, TargetModel

_SMALLEST = 8


@dataclass(frozen=True)
class Match:
    """A place: corner in whole pixels, size, and score without and with the motion's cost."""

    x: int
    y: int
    size: int
    score: float
    total: float


@dataclass(frozen=True)
class Search:
    """The search for ``target`` in a frame's ``evidence``, expected where ``motion`` says.

    Attributes:
        grows: sizes other than the last one are tried.
    """

    target: TargetModel
    motion: Motion
    evidence: Evidence
    grows: bool = True

    def best(self, unsure: bool) -> Match:
        """Return the best match in the frame; ``unsure``: sizes far from the last are tried."""
        return self._refined(self._coarse(unsure))

    def _coarse(self, unsure: bool) -> Match:
        """Find the best place in the frame at the last size and the first one, or, unsure, more."""
        factors: tuple[float, ...] = (0.8, 0.9, 1.0, 1.1, 1.25) if unsure else (1.0,)
        last = self.motion.size
        if not self.grows:
            factors = ()
        sizes = {last, *(max(_SMALLEST, round(last * factor)) for factor in factors)}
        if abs(last - NATIVE) > 1:
            sizes.add(NATIVE)
        height, width = self.evidence.cosine.shape
        found = [self._best(size, (0, 0, width, height), 1.0) for size in sorted(sizes)]
        return _highest(found)

    def _refined(self, match: Match) -> Match:
        """Find the best place within two pixels and two sizes; there, motion says little."""
        height, width = self.evidence.cosine.shape
        w, h = self.target.shape(match.size)
        found = []
        near = range(max(_SMALLEST, match.size - 2), match.size + 3)
        for size in near if self.grows else (match.size,):
            wide, high = self.target.shape(size)
            left, top = match.x + (w - wide) // 2, match.y + (h - high) // 2
            part = (
                max(0, left - 2),
                max(0, top - 2),
                min(width, left + wide + 3),
                min(height, top + high + 3),
            )
            found.append(self._best(size, part, 0.1))
        return _highest(found)

    def _best(self, size: int, part: tuple[int, int, int, int], trust: float) -> Match | None:
        """Find the best place of ``size`` in ``part`` (left, top, right, bottom); None: no room.

        The motion's cost of a place counts ``trust`` times.
        """
        left, top, right, bottom = part
        w, h = self.target.shape(size)
        if right - left < w or bottom - top < h:
            return None
        scores = self.target.scores(self.evidence, size, slice(top, bottom), slice(left, right))
        rows, columns = scores.shape
        totals = scores - trust * self.motion.place_cost(
            left + np.arange(columns) + w / 2, top + np.arange(rows) + h / 2
        )
        row, column = divmod(int(totals.argmax()), columns)
        total = float(totals[row, column]) - self.motion.size_cost(size)
        return Match(left + column, top + row, size, float(scores[row, column]), total)


def _highest(found: list[Match | None]) -> Match:
    """Return the match with the highest total; of equals the first. The last size always fits."""
    return max((match for match in found if match is not None), key=lambda match: match.total)
