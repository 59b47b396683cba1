"""The frames that toolkits have different rules for, and what is left of a difference without them.

A cause is found by trying: its frames are made plain (a target that stands in the open and an
answer that is the truth, which every toolkit counts alike) and both metrics are computed anew. So
nothing is told as a cause that does not move the difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics import Metric, Trajectories
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError

_NOTHING = 1e-9
_OPEN = (1.0, 1.0, 4.0, 4.0)
"""A box that is one to every toolkit."""

Flags = NDArray[np.bool_]


class Cause(Enum):
    """What about a frame is judged differently, in words."""

    NO_TRUTH = "the target is absent, or nobody knows where it is"
    HIDDEN = "the data set's flags say that the target is hidden, though it has a box"
    AT_EDGE = "the true box is at x <= 0 or y <= 0, which some take for no box"
    NO_ANSWER = "the tracker's box has no size, or is none: a miss, refused, or the box before it"
    FIRST = "frame 0 is the truth, the tracker's own answer, or left out"
    BEYOND = "a box reaches beyond the frame: it is moved into it, cut at it, or left as it is"
    FRACTION = "a box has fractions of a pixel, which some round"


@dataclass(frozen=True)
class Share:
    """What a cause has in a difference.

    Attributes:
        cause: which.
        frames: those of the sequence that it holds for, ascending.
        left: of the difference, once these frames are plain; NaN where a metric has no number then.
    """

    cause: Cause
    frames: tuple[int, ...]
    left: float


def causes(tracked: Trajectories, first: Metric, second: Metric) -> list[Share]:
    """Return what makes two metrics of one sequence (N = 1) differ, cause after cause.

    Each is made plain after those before it, and told if the difference changes.
    """
    found = []
    left = difference(tracked, first, second)
    for cause, flags_of, made_plain in _CAUSES:
        flags = flags_of(tracked)
        if not flags.any():
            continue
        tracked = made_plain(tracked, flags)
        now = difference(tracked, first, second)
        if not _same(now, left):
            found.append(Share(cause, tuple(np.flatnonzero(flags).tolist()), now))
        left = now
    return found


def difference(tracked: Trajectories, first: Metric, second: Metric) -> float:
    """Return the first metric minus the second of one sequence; NaN where one has no number."""
    return number(tracked, first) - number(tracked, second)


def number(tracked: Trajectories, metric: Metric) -> float:
    """Return a metric of one sequence; NaN where its toolkit refuses it."""
    try:
        (score,) = metric.scores(tracked, (tracked.iou.shape[1],))[:, 0].tolist()
    except ToolkitRefusesError:
        return math.nan
    return float(score)


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= _NOTHING or (math.isnan(a) and math.isnan(b))


def _plain(tracked: Trajectories, flags: Flags) -> Trajectories:
    predicted, truth, iou = (
        each.copy() for each in (tracked.predicted, tracked.truth, tracked.iou)
    )
    predicted[:, flags] = truth[:, flags] = _OPEN
    iou[:, flags] = 1.0
    return replace(
        tracked,
        predicted=predicted,
        truth=truth,
        iou=iou,
        visibility=_set(tracked.visibility, flags, 1.0),
        absent=_set(tracked.absent, flags, False),
        nowhere=_set(tracked.nowhere, flags, False),
        flagged=_set(tracked.flagged, flags, False),
    )


def _set(values: NDArray[Any] | None, flags: Flags, value: float) -> NDArray[Any] | None:
    if values is None:
        return None
    changed = values.copy()
    changed[:, flags] = value
    return changed


def _with_first_given(tracked: Trajectories, _: Flags) -> Trajectories:
    return replace(tracked, predicted=tracked.predicted_with_first_given)


def _whole(tracked: Trajectories, _: Flags) -> Trajectories:
    return replace(tracked, predicted=np.round(tracked.predicted), truth=np.round(tracked.truth))


def _no_truth(tracked: Trajectories) -> Flags:
    return np.asarray(np.isnan(tracked.truth[0]).any(axis=1), np.bool_)


def _hidden(tracked: Trajectories) -> Flags:
    flagged = np.zeros(tracked.iou.shape[1], bool)
    if tracked.flagged is not None:
        flagged |= tracked.flagged[0]
    return np.asarray(flagged | ~tracked.visible[0], np.bool_)


def _at_edge(tracked: Trajectories) -> Flags:
    return np.asarray((tracked.truth[0, :, :2] <= 0).any(axis=1), np.bool_)


def _no_answer(tracked: Trajectories) -> Flags:
    answers = tracked.predicted[0]
    return np.asarray(~(answers[:, 2:] > 0).all(axis=1) | np.isnan(answers).any(axis=1), np.bool_)


def _first(tracked: Trajectories) -> Flags:
    flags = np.zeros(tracked.iou.shape[1], bool)
    flags[0] = not np.array_equal(tracked.predicted[0, 0], tracked.truth[0, 0])
    return flags


def _beyond(tracked: Trajectories) -> Flags:
    if tracked.frame is None:
        return np.zeros(tracked.iou.shape[1], bool)
    size = np.asarray(tracked.frame).reshape(-1, 2)[0, ::-1]
    found = np.zeros(tracked.iou.shape[1], bool)
    for boxes in (tracked.predicted[0], tracked.truth[0]):
        end = boxes[:, :2] + boxes[:, 2:]
        found |= (boxes[:, :2] < 0).any(axis=1) | (end > size).any(axis=1)
    return found


def _fraction(tracked: Trajectories) -> Flags:
    both = np.concatenate([tracked.predicted[0], tracked.truth[0]], axis=1)
    return np.asarray((both != np.round(both)).any(axis=1), np.bool_)


_Alike = Callable[[Trajectories, Flags], Trajectories]
_CAUSES: tuple[tuple[Cause, Callable[[Trajectories], Flags], _Alike], ...] = (
    (Cause.NO_TRUTH, _no_truth, _plain),
    (Cause.HIDDEN, _hidden, _plain),
    (Cause.AT_EDGE, _at_edge, _plain),
    (Cause.NO_ANSWER, _no_answer, _plain),
    (Cause.FIRST, _first, _with_first_given),
    (Cause.BEYOND, _beyond, _plain),
    (Cause.FRACTION, _fraction, _whole),
)


def spans(frames: tuple[int, ...]) -> Iterator[str]:
    """Yield runs of numbers in words: ``"3-6"``, ``"9"``."""
    at = 0
    while at < len(frames):
        end = at
        while end + 1 < len(frames) and frames[end + 1] == frames[end] + 1:
            end += 1
        yield str(frames[at]) if end == at else f"{frames[at]}-{frames[end]}"
        at = end + 1
