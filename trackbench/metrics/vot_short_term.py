"""VOT's short-term measures of runs from anchors as metrics: accuracy, robustness, EAO."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import groupby
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics.metric import Metric, Pooled
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.metrics.toolkits.vot_multistart import (
    MultiStart,
    StartedRun,
    eao,
    mean_accuracy,
    mean_robustness,
    started_run,
)
from trackbench.metrics.trajectories import Trajectories

Floats = NDArray[np.float64]

LOW, HIGH = 115, 755
"""Frames over which the expected average overlap is averaged (the stacks vot2020 to vot2022)."""

Found = tuple[int, int, StartedRun]
"""Number of the sequence, its frames, and a run of it."""


def _found(tracked: Trajectories) -> list[Found]:
    """Return the runs of trajectories.

    Raises:
        ToolkitRefusesError: the frames' size is not stored.
    """
    if "vot-st" not in tracked.toolkit_scores:
        if tracked.frame is None or tracked.run_of is None:
            raise ToolkitRefusesError("the frames' size is not stored, which the rule needs")
        sizes = np.broadcast_to(np.asarray(tracked.frame), (len(tracked.iou), 2)).tolist()
        tracked.toolkit_scores["vot-st"] = [
            (sequence, frames, started_run(answers[1:], truth, 0, backwards=False, frame=(h, w)))
            for answers, truth, (h, w), (sequence, frames) in zip(
                tracked.predicted, tracked.truth, sizes, tracked.run_of.tolist(), strict=True
            )
        ]
    found: list[Found] = tracked.toolkit_scores["vot-st"]
    return found


def _of_each(number: Callable[[MultiStart], float], tracked: Trajectories) -> Floats:
    found = _found(tracked)
    return np.array([number(MultiStart((run,), frames)) for _, frames, run in found])


def _of_all(number: Callable[[list[MultiStart]], float], found: list[Found]) -> float:
    """Return a number of all sequences, each with its runs together; NaN of none."""
    sequences = [
        MultiStart(tuple(run for _, _, run in runs), frames)
        for (_, frames), runs in groupby(found, key=lambda each: each[:2])
    ]
    return number(sequences) if sequences else float("nan")


def _average_overlap(sequence: MultiStart) -> float:
    """Return what a run is in EAO's curve at its own end: 0 from its failure on."""
    (run,) = sequence.runs
    after = max(len(run.overlap) - 1, 1)
    return float(run.overlap[1 : run.kept].sum()) / after


def _metric(
    number: str,
    equation: str,
    averaging: str,
    of_each: Callable[[MultiStart], float],
    of_all: Callable[[list[MultiStart]], float],
) -> Metric:
    return Metric(
        f"{number}@vot-st",
        f"{equation}; as vot-toolkit 0.9.0, of runs from anchors (vot-st-v1) alone; overlap of "
        "boxes (also where there are true masks) whose x, y, width and height are each rounded, "
        "counted in the frame's pixels, 0 where a run starts; it fails where ten frames with "
        "overlap <= 0.1 in a row begin; a frame "
        f"without a true box has overlap 0 and ends such a row; {averaging}",
        partial(_of_each, of_each),
        pooled=Pooled(_found, partial(_of_all, of_all)),
        every_frame=True,
        several_starts=True,
    )


SHORT_TERM: tuple[Metric, ...] = (
    _metric(
        "accuracy",
        "mean overlap of the frames before the failures",
        "sequences weigh as frames come before failures",
        attrgetter("accuracy"),
        mean_accuracy,
    ),
    _metric(
        "robustness",
        "share of the runs' frames that come before the failures",
        "sequences weigh as they have frames",
        attrgetter("robustness"),
        mean_robustness,
    ),
    _metric(
        "eao",
        "expected average overlap: the mean from point "
        f"{LOW} to {HIGH} of the curve of the runs' mean overlap over so many frames, where one "
        "that has failed goes on with overlap 0 and one that ends is left out (so that of fewer "
        f"than {LOW} frames a run counts only if it has failed)",
        "runs count alike",
        _average_overlap,
        partial(eao, low=LOW, high=HIGH),
    ),
)
"""What ``all`` means, and ``toolkits``, where results are of runs from anchors."""
