"""Every metric under its name in the field, with what a report says of it.

Where toolkits differ, the name says whose it is: ``auc@otb`` is the number OTB's toolkit prints.
"""

from __future__ import annotations

from functools import partial

from trackbench.errors import UnknownIdError
from trackbench.metrics import toolkit_metrics, vot_metrics, vot_short_term
from trackbench.metrics.absence import absence, presence
from trackbench.metrics.metric import Metric
from trackbench.metrics.overlap import (
    average_overlap_got10k,
    counted_frames,
    success_rate_got10k,
)
from trackbench.metrics.precision import precision_otb
from trackbench.metrics.success import auc_otb
from trackbench.metrics.target_loss import robustness, survived

(_NORMALISED,) = (
    metric
    for metric in toolkit_metrics.TRACKINGNET
    if metric.id == "normalised-precision@trackingnet"
)

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
        "real rectangles moved into the frame as GOT-10k's toolkit does; an invalid answer is a "
        "miss (in imported files what is no number stays none), a frame without a true box is "
        "left out (in GOT-10k's layout its cover decides); over all frames of all sequences",
        average_overlap_got10k,
        weights=counted_frames,
        every_frame=True,
        strict=True,
    ),
    Metric(
        "sr50@got10k",
        "share of the frames of ao@got10k with IoU > 0.5",
        partial(success_rate_got10k, threshold=0.5),
        weights=counted_frames,
        every_frame=True,
    ),
    Metric(
        "sr75@got10k",
        "share of the frames of ao@got10k with IoU > 0.75",
        partial(success_rate_got10k, threshold=0.75),
        weights=counted_frames,
        every_frame=True,
    ),
    _NORMALISED,
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
"""What a page shows, and what ``all`` means."""

PRESENCE: tuple[Metric, ...] = (
    Metric(
        "presence",
        "share of the frames with a target, frame 0 aside, that the tracker did not call absent",
        presence,
        every_frame=True,
    ),
    Metric(
        "absence",
        "share of the frames of which it is known that they have no target that the tracker "
        "called absent",
        absence,
        every_frame=True,
    ),
)
"""Whether a tracker knows when its target is gone; by name alone."""

TOOLKIT_METRICS: tuple[Metric, ...] = (
    *toolkit_metrics.OPE,
    *(metric for metric in toolkit_metrics.TRACKINGNET if metric is not _NORMALISED),
    vot_metrics.ACCURACY,
    *vot_metrics.LONG_TERM,
    *vot_metrics.VOTS,
)
"""What other toolkits print of the same boxes: ``toolkits``."""

VARIANTS: tuple[Metric, ...] = (*toolkit_metrics.OPE_VARIANTS, vot_metrics.ACCURACY_OF_STACKS)
"""The same by another of a toolkit's rules, by name alone."""


SHORT_TERM: tuple[Metric, ...] = vot_short_term.SHORT_TERM
"""Of runs from anchors: these alone have a number under ``vot-st-v1``, and there alone."""


def every_metric(*, several_starts: bool) -> tuple[Metric, ...]:
    """Return what ``all`` means: of runs from several starts, or of one pass."""
    return SHORT_TERM if several_starts else METRICS


def every_toolkit_metric(*, several_starts: bool) -> tuple[Metric, ...]:
    """Return what ``toolkits`` means, as :func:`every_metric`."""
    return SHORT_TERM if several_starts else TOOLKIT_METRICS


def metric_named(text: str) -> Metric:
    """Return the metric of an id, or raise :class:`UnknownIdError`."""
    every = (*METRICS, *PRESENCE, *TOOLKIT_METRICS, *VARIANTS, *SHORT_TERM)
    known = {metric.id: metric for metric in every}
    if text not in known:
        # Without an @ no toolkit's is meant, and the list stays one that can be read.
        near = known if "@" in text else [metric.id for metric in (*METRICS, *PRESENCE)]
        raise UnknownIdError("metric", text, near)
    return known[text]
