"""Metrics under the name of the toolkit whose number they are: ``auc@pytracking``.

A name may say which of the toolkit's rules is meant: ``auc@pytracking:uav`` takes the data set for
UAV123, ``:lasot`` and ``:otb`` likewise, ``:valid`` and ``:lasot-valid`` let frames of valid truth
count alone. Without it the data set's own files decide: UAV123's and LaSOT's layouts have the rule
of theirs, everything else OTB's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.metric import Metric
from trackbench.metrics.toolkit_boxes import AllBoxes, Kind
from trackbench.metrics.toolkit_rules import Rule, evaluated, for_all
from trackbench.metrics.toolkits import trackingnet
from trackbench.metrics.toolkits.curves import OpeScores
from trackbench.metrics.toolkits.trackingnet import TrackingNetScores
from trackbench.metrics.trajectories import Trajectories

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Toolkit:
    """A toolkit with a one-pass evaluation.

    Attributes:
        id: behind the @.
        source: repository and state.
        start: what frame 0 is.
        absent: what frames without a truth are.
        numbers: the metrics that it prints.
        can_leave_out: it has the option to count valid frames alone.
    """

    id: str
    source: str
    start: str
    absent: str
    numbers: tuple[str, ...]
    can_leave_out: bool = False


_RELATIVE = (
    "mean over the thresholds 0, 0.01, ..., 0.5 of the share of frames with a centre error, "
    "relative to the true box's size, <= threshold"
)
_RELATIVE_AREA = (
    "area under the share of frames whose centre error, relative to the size of the true box, "
    "is <= 0, 0.025, ..., 0.5; scaled to 1"
)
_NUMBERS: dict[str, tuple[Callable[[OpeScores], float], str]] = {
    "auc": (
        attrgetter("auc"),
        "mean over the thresholds 0, 0.05, ..., 1 of the share of frames with IoU > threshold",
    ),
    "op50": (attrgetter("op50"), "share of frames with IoU > 0.5"),
    "op75": (attrgetter("op75"), "share of frames with IoU > 0.75"),
    "ao": (attrgetter("overlap"), "mean IoU of the frames with a valid truth"),
    "precision20": (
        attrgetter("precision20"),
        "share of frames with a centre error <= 20 pixels",
    ),
    "normalised-precision": (
        attrgetter("normalised_auc"),
        _RELATIVE,
    ),
    "normalised-precision20": (
        attrgetter("normalised20"),
        "share of frames with a centre error <= 0.2 of the true box's size",
    ),
}

_GIVEN = "frame 0 is the truth"
_ANSWERED = "frame 0 is the tracker's own answer"
_OF_PYTRACKING = (
    "an invalid truth is a failure, in precision a miss (UAV123: a hit), in normalised precision a "
    "hit (not where LaSOT's flags hide the target); NaN truths but UAV123's, and answers that are "
    "NaN or of negative size, are refused; an answer without a size becomes the one before"
)
_OF_PYSOT = (
    "an invalid truth is a failure, and a hit in both precisions; LaSOT's hidden frames are left "
    "out and yet divided by"
)
_PYTRACKING_NUMBERS = ("auc", "op50", "op75", "ao", "precision20", "normalised-precision20")
_PYSOT_NUMBERS = ("auc", "precision20", "normalised-precision", "normalised-precision20")

TOOLKITS: tuple[Toolkit, ...] = (
    Toolkit(
        "got10k",
        "got-10k/toolkit 956e728, ExperimentOTB, UAV123, LaSOT",
        _GIVEN,
        "a truth of NaN is a failure (UAV123, LaSOT: left out), any other box counts",
        ("auc", "op50", "precision20", "normalised-precision", "normalised-precision20"),
    ),
    Toolkit("pysot", "STVIR/pysot d04028f", _ANSWERED, _OF_PYSOT, _PYSOT_NUMBERS),
    Toolkit(
        "pysot-toolkit",
        "StrangerZhang/pysot-toolkit 8b5ced3",
        _ANSWERED,
        f"{_OF_PYSOT}; a truth at x <= 0 or y <= 0 is invalid in success",
        _PYSOT_NUMBERS,
    ),
    Toolkit(
        "pytracking",
        "visionml/pytracking 7eb9e74, which prints per cent",
        _GIVEN,
        f"{_OF_PYTRACKING}; a truth at x <= 0 or y <= 0 is invalid",
        _PYTRACKING_NUMBERS,
        can_leave_out=True,
    ),
    Toolkit(
        "ostrack",
        "botaoye/OSTrack 33b5e12, which prints per cent",
        _GIVEN,
        _OF_PYTRACKING,
        _PYTRACKING_NUMBERS,
        can_leave_out=True,
    ),
)

_LASOT_ALONE = ("normalised-precision", "normalised-precision20")
"""Numbers that of got10k's experiments LaSOT's alone has."""


def _ope(toolkit: Toolkit, number: str, kind: Kind | None, *, only_valid: bool) -> Metric:
    if toolkit.id == "got10k" and number in _LASOT_ALONE:
        kind_used: Kind | None = Kind.LASOT
    else:
        kind_used = kind
    rule = Rule(toolkit.id, kind_used, only_valid)
    read, equation = _NUMBERS[number]
    variant = "-".join([*([kind.value] if kind else []), *(["valid"] if only_valid else [])])
    said = [equation, f"as {toolkit.source}", toolkit.start, toolkit.absent]
    if kind_used:
        said.append(f"{kind_used.value}'s rule")
    if only_valid:
        said.append("over frames of valid truth alone, while hits of the others stay")
    return Metric(
        f"{number}@{toolkit.id}{':' if variant else ''}{variant}",
        "; ".join([*said, "sequences count alike"]),
        partial(_read, rule, read),
        every_frame=True,
        strict=True,
    )


def _read(rule: Rule, read: Callable[[OpeScores], float], tracked: Trajectories) -> Floats:
    """Return (N,): a number of each sequence's evaluation."""
    return np.array([read(each) for each in evaluated(tracked, rule)])


_AREAS: dict[str, tuple[Callable[[TrackingNetScores], float], str]] = {
    "auc": (attrgetter("success"), "area under the share of frames with IoU >= 0, 0.05, ..., 1"),
    "precision": (
        attrgetter("precision"),
        "area under the share of frames with a centre error <= 0, 2.5, ..., 50 pixels; scaled to 1",
    ),
    "normalised-precision": (
        attrgetter("normalised"),
        _RELATIVE_AREA,
    ),
}


def _trackingnet(number: str) -> Metric:
    read, equation = _AREAS[number]

    def scores(tracked: Trajectories) -> Floats:
        return np.array([read(found) for found in for_all(tracked, "trackingnet", _areas)])

    return Metric(
        f"{number}@trackingnet",
        f"{equation}; as SilvioGiancola/TrackingNet-devkit 79783f2, which prints per cent; boxes "
        "rounded to whole pixels; frame 0 is the truth; a frame without a true box is a miss; "
        "sequences count alike",
        scores,
        every_frame=True,
        strict=True,
    )


def _areas(boxes: AllBoxes) -> list[TrackingNetScores]:
    return trackingnet.evaluate_all(boxes.answers, boxes.truth)


TRACKINGNET: tuple[Metric, ...] = tuple(_trackingnet(number) for number in _AREAS)

OPE: tuple[Metric, ...] = tuple(
    _ope(toolkit, number, None, only_valid=False)
    for toolkit in TOOLKITS
    for number in toolkit.numbers
)
"""What each toolkit prints, by the rule of the data set."""

OPE_VARIANTS: tuple[Metric, ...] = tuple(
    _ope(toolkit, number, kind, only_valid=only_valid)
    for toolkit in TOOLKITS
    for number in toolkit.numbers
    for kind in (None, *Kind)
    for only_valid in ((False, True) if toolkit.can_leave_out else (False,))
    if kind or only_valid
)
"""The same by a rule of one's choice."""
