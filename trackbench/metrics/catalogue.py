"""Every metric under its name in the field, with what a report says of it.

Where toolkits differ, the name says whose it is: ``auc@otb`` is the number OTB's toolkit prints.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import UnknownIdError
from trackbench.metrics.overlap import average_overlap_got10k, success_rate_got10k
from trackbench.metrics.precision import normalised_precision_trackingnet, precision_otb
from trackbench.metrics.success import auc_otb
from trackbench.metrics.target_loss import robustness, survived
from trackbench.metrics.trajectories import Trajectories


@dataclass(frozen=True)
class Metric:
    """A number for each sequence; a table's cell is its mean over sequences. Higher is better.

    Attributes:
        id: the name in the field.
        definition: one line for a footer; the function's docstring has all of it.
        of: from trajectories of N sequences to (N,) scores.
    """

    id: str
    definition: str
    of: Callable[[Trajectories], NDArray[np.float64]]

    @classmethod
    def named(cls, text: str) -> Metric:
        """Return the metric of an id, or raise :class:`UnknownIdError`."""
        for metric in METRICS:
            if metric.id == text:
                return metric
        raise UnknownIdError("metric", text, [metric.id for metric in METRICS])

    def scores(self, tracked: Trajectories, lengths: tuple[int, ...]) -> NDArray[np.float64]:
        """Return (N, L): the score of each sequence's first frames, for each length.

        Frames without a true box are left out; NaN where none is left.
        """
        return np.stack([self._score(tracked.until(length).scored) for length in lengths], axis=1)

    def _score(self, tracked: Trajectories) -> NDArray[np.float64]:
        if not tracked.iou.shape[1]:
            return np.full(len(tracked.iou), np.nan)
        return self.of(tracked)


METRICS: tuple[Metric, ...] = (
    Metric(
        "auc@otb",
        "area under the success curve as OTB codes it: the mean over the IoU thresholds "
        "0, 0.05, ..., 1 of the share of frames above (>), frame 0 given, real rectangles; "
        "a perfect tracker gets 20/21 = 0.952",
        auc_otb,
    ),
    Metric(
        "precision20@otb",
        "share of frames whose centre is within 20 pixels (<=) of the true one, frame 0 given",
        precision_otb,
    ),
    Metric(
        "ao@got10k",
        "mean IoU without frame 0 and without frames in which the target is wholly hidden, "
        "real rectangles moved into the frame as GOT-10k's toolkit does",
        average_overlap_got10k,
    ),
    Metric(
        "sr50@got10k",
        "share of the frames of ao@got10k with IoU > 0.5",
        partial(success_rate_got10k, threshold=0.5),
    ),
    Metric(
        "sr75@got10k",
        "share of the frames of ao@got10k with IoU > 0.75",
        partial(success_rate_got10k, threshold=0.75),
    ),
    Metric(
        "normalised-precision@trackingnet",
        "area under the share of frames whose centre error, relative to the size of the true box, "
        "is <= 0, 0.025, ..., 0.5; scaled to 1, boxes rounded to pixels, frame 0 given",
        normalised_precision_trackingnet,
    ),
    Metric(
        "survival",
        "share of sequences without ten frames in a row of mask IoU 0",
        survived,
    ),
    Metric(
        "robustness",
        "share of frames before the first failure, which is ten frames in a row of mask "
        "IoU <= 0.1 (VOT 2020, but one start and no restart)",
        robustness,
    ),
)
