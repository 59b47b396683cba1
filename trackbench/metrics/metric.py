"""What a metric is: a number for each sequence, and how a table's number is made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.trajectories import Trajectories

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pooled:
    """How a table's number is made of all sequences together.

    Attributes:
        of_each: from trajectories to what is needed of each of the N sequences.
        number: from that of all sequences to the number.
    """

    of_each: Callable[[Trajectories], list[Any]]
    number: Callable[[list[Any]], float]


@dataclass(frozen=True)
class Metric:
    """A number for each sequence; a table's cell is its mean over sequences. Higher is better.

    Attributes:
        id: the name in the field.
        definition: one line for a footer; the function's docstring has all of it.
        of: from trajectories of N sequences to (N,) scores.
        weights: from trajectories to (N,), how many frames a sequence weighs in the mean of a
            table; None: sequences count alike.
        pooled: how the number of a table is made, where it is no mean of the sequences' numbers;
            None: it is.
        every_frame: ``of`` sees the frames without a true box, too: what becomes of them is the
            metric's rule.
        strict: a sequence without a number makes the table's number NaN, as it does in a toolkit
            that averages; False: it is left out, and counted.
        several_starts: it is of runs from several starts, and of nothing else; False: of one pass
            through each sequence.
    """

    id: str
    definition: str
    of: Callable[[Trajectories], Floats]
    weights: Callable[[Trajectories], Floats] | None = None
    pooled: Pooled | None = None
    every_frame: bool = False
    strict: bool = False
    several_starts: bool = False

    @classmethod
    def named(cls, text: str) -> Metric:
        """Return the metric of an id, or raise :class:`UnknownIdError`."""
        from trackbench.metrics.catalogue import metric_named

        return metric_named(text)

    def refusal(self, *, several_starts: bool) -> str | None:
        """Say why there is no number of runs from several starts, or of one pass; None: there is.

        A number of another kind of evaluation would bear the same name.
        """
        if several_starts == self.several_starts:
            return None
        if self.several_starts:
            return "it is of runs from several anchors, and this is one pass: see vot-st-v1"
        return "it is of one pass through each sequence, and these are runs from anchors"

    def scores(self, tracked: Trajectories, lengths: tuple[int, ...]) -> Floats:
        """Return (N, L): the score of each sequence's first frames, for each length.

        Frames without a true box are left out, unless the metric has a rule for them; NaN where
        none is left.

        Raises:
            ToolkitRefusesError: the toolkit has no number for one of the sequences.
        """
        return np.stack([self._score(self._seen(tracked, length)) for length in lengths], axis=1)

    def weighed(self, tracked: Trajectories, lengths: tuple[int, ...]) -> Floats:
        """Return (N, L): what each sequence weighs in a table's mean."""
        weights = np.stack(
            [self._weighed(self._seen(tracked, length)) for length in lengths], axis=1
        )
        weights[tracked.unreadable] = 0.0
        return weights

    def needed(self, tracked: Trajectories, length: int) -> list[Any]:
        """Return what a pooled number needs of N sequences' first frames."""
        if self.pooled is None or tracked.unreadable.any():
            return []
        return self.pooled.of_each(self._seen(tracked, length))

    def total(self, scores: Floats, weights: Floats) -> float:
        """Return the number of a table from (N,) scores and weights; NaN of none.

        A sequence that weighs nothing does not count: it is too short, or could not be read.
        """
        counted = weights > 0
        if not self.strict:
            counted &= ~np.isnan(scores)
        if not counted.any():
            return float("nan")
        if self.weights is None:
            return float(scores[counted].mean())
        return float((scores[counted] * weights[counted]).sum() / weights[counted].sum())

    def _seen(self, tracked: Trajectories, length: int) -> Trajectories:
        first = tracked.until(length)
        return first if self.every_frame else first.scored

    def _weighed(self, tracked: Trajectories) -> Floats:
        if self.weights is None or not tracked.iou.shape[1] or tracked.unreadable.any():
            return np.ones(len(tracked.iou))  # of the unreadable: they come alone, and weigh 0
        return self.weights(tracked)

    def _score(self, tracked: Trajectories) -> Floats:
        if not tracked.iou.shape[1] or tracked.unreadable.any():  # such a one comes alone
            return np.full(len(tracked.iou), np.nan)
        return self.of(tracked)
