"""What every metric is computed from: where trackers said the target is, and where it was."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Trajectories:
    """Predictions and truth of N sequences of T frames.

    What several metrics start from is computed once and kept.

    Attributes:
        predicted: (N, T, 4) boxes ``(x, y, w, h)`` in pixels; NaN where there was no answer.
        truth: (N, T, 4) true boxes; NaN where the target is nowhere, or nobody knows where.
        iou: (N, T) mask IoU of the two (:func:`~trackbench.metrics.mask_iou`), or that of the
            masks that were answered (:func:`~trackbench.metrics.run_iou.run_iou`); NaN where there
            is no true box.
        visibility: (N, T) share of the target that is not covered; None, or NaN in a frame, where
            the data set does not say, and then that counts as visible.
        confidence: (N, T), how sure the tracker was, on its own scale; NaN in a frame, or None,
            where it did not say.
        absent: (N, T), it said that there is no target; its box is NaN then, so IoU and every
            metric count a miss wherever the target is there. None: it never said so.
        frame: (N, 2), (height, width) of each sequence's frames in pixels, or one such pair for
            all; None where the data set does not say.
        nowhere: (N, T), it is known that the target is not in the frame; None: it never is, or
            nobody says so.
        absent_rows: (N, T, 4), what the data set's file says where the target is ``nowhere``;
            None: it is not stored.
        as_written: the predictions are rows of files of another toolkit: other toolkits' scores
            take them as they stand.
        flagged: (N, T), LaSOT's flags say that the target is occluded or out of view; None: there
            are none.
        layout: of the files that the truth was read from, such as ``"lasot"``; None: of none.
        run_of: (N, 2), of what is a run from one of several starts: the number of its sequence, and
            how many frames that has; None: of each sequence there is one pass.
    """

    predicted: NDArray[np.float64]
    truth: NDArray[np.float64]
    iou: NDArray[np.float64]
    visibility: NDArray[np.float64] | None = None
    frame: NDArray[np.int64] | tuple[int, int] | None = None
    confidence: NDArray[np.float64] | None = None
    absent: NDArray[np.bool_] | None = None
    nowhere: NDArray[np.bool_] | None = None
    flagged: NDArray[np.bool_] | None = None
    layout: str | None = None
    run_of: NDArray[np.int64] | None = None
    absent_rows: NDArray[np.float64] | None = None
    as_written: bool = False

    @property
    def visible(self) -> NDArray[np.bool_]:
        """(N, T): some of the target can be seen."""
        seen: NDArray[np.bool_]
        if self.visibility is None:
            return np.ones(self.iou.shape, bool)
        seen = (self.visibility > 0) | np.isnan(self.visibility)
        return seen

    @property
    def unreadable(self) -> NDArray[np.bool_]:
        """(N,): nothing of the sequence has a score, for a frame of it could not be read."""
        if not self.iou.shape[1]:
            return np.zeros(len(self.iou), bool)
        return np.asarray(np.isnan(self.iou[:, 0]), np.bool_)

    @cached_property
    def predicted_with_first_given(self) -> NDArray[np.float64]:
        """(N, T, 4) predictions whose frame 0 is the truth, as OTB and TrackingNet evaluate."""
        predicted = self.predicted.copy()
        predicted[:, 0] = self.truth[:, 0]
        return predicted

    @cached_property
    def _prefixes(self) -> dict[int, Trajectories]:
        return {}

    def until(self, length: int) -> Trajectories:
        """Return the first ``length`` frames. Trackers are causal: that is a shorter run."""
        if length not in self._prefixes:
            self._prefixes[length] = self._cut((slice(None), slice(length)))
        return self._prefixes[length]

    @property
    def scored(self) -> Trajectories:
        """The frames that have a true box, one after the other; of one sequence alone (N = 1).

        Metrics see these: GOT-10k's toolkit drops such frames of OTB's and UAV123's kind, too.
        """
        known = ~np.isnan(self.iou).any(axis=0)
        if known.all():
            return self
        if len(self.iou) > 1:
            raise ValueError("sequences with frames without a true box go one by one")
        return self._cut((slice(None), known))

    def only(self, sequence: int) -> Trajectories:
        """Return one of the N sequences, as N = 1."""
        row = slice(sequence, sequence + 1)
        frame = self.frame[row] if isinstance(self.frame, np.ndarray) else self.frame
        run_of = None if self.run_of is None else self.run_of[row]
        return replace(self._cut((row, slice(None))), frame=frame, run_of=run_of)

    @cached_property
    def toolkit_scores(self) -> dict[Any, Any]:
        """What other toolkits make of these boxes: several metrics are read off one evaluation."""
        return {}

    def _cut(self, where: tuple[Any, Any]) -> Trajectories:
        """Return some sequences or frames of all that is (N, T)."""
        kept = {
            field.name: getattr(self, field.name)[where]
            for field in fields(self)
            if field.name not in ("frame", "layout", "run_of", "as_written")
            and getattr(self, field.name) is not None
        }
        return replace(self, **kept)
