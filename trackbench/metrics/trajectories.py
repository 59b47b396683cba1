"""What every metric is computed from: where trackers said the target is, and where it was."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Trajectories:
    """Predictions and truth of N sequences of T frames.

    Attributes:
        predicted: (N, T, 4) boxes ``(x, y, w, h)`` in pixels; NaN where there was no answer.
        truth: (N, T, 4) true boxes.
        iou: (N, T) mask IoU of the two (:func:`~trackbench.metrics.mask_iou`).
        visibility: (N, T) share of the target that is not covered; None where the data set does
            not say, and then every frame counts as visible.
        frame: (height, width) in pixels; None where the data set does not say.
    """

    predicted: NDArray[np.float64]
    truth: NDArray[np.float64]
    iou: NDArray[np.float64]
    visibility: NDArray[np.float64] | None = None
    frame: tuple[int, int] | None = None

    @property
    def visible(self) -> NDArray[np.bool_]:
        """(N, T): some of the target can be seen."""
        seen: NDArray[np.bool_]
        seen = np.ones(self.iou.shape, bool) if self.visibility is None else self.visibility > 0
        return seen

    @property
    def predicted_with_first_given(self) -> NDArray[np.float64]:
        """(N, T, 4) predictions whose frame 0 is the truth, as OTB and TrackingNet evaluate."""
        predicted = self.predicted.copy()
        predicted[:, 0] = self.truth[:, 0]
        return predicted

    def until(self, length: int) -> Trajectories:
        """Return the first ``length`` frames. Trackers are causal: that is a shorter run."""
        return replace(
            self,
            predicted=self.predicted[:, :length],
            truth=self.truth[:, :length],
            iou=self.iou[:, :length],
            visibility=None if self.visibility is None else self.visibility[:, :length],
        )
