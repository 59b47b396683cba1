"""VOT's accuracy of an unsupervised run: ``SequenceAccuracy`` and ``AverageAccuracy``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trackbench.metrics.toolkits.curves import Floats
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.metrics.toolkits.rows import unknown
from trackbench.metrics.toolkits.vot_overlap import empty, overlaps

BURN_IN = 10
"""Frames that do not count from the start on, by default; the challenges' stacks say 1."""


def accuracy(
    answers: Floats,
    truth: Floats,
    frame: tuple[int, int],
    *,
    burn_in: int = BURN_IN,
    only_visible: bool = False,
    ignored: Floats | None = None,
) -> float:
    """Return the mean overlap of the frames that count; 0 where none does.

    The run starts at the first frame whose truth is known. Left out are ``burn_in`` frames from
    there, frames of unknown truth (NaN), and frames in which the tracker gave no region (NaN).

    Args:
        answers: (T, 4), in the order of the run.
        truth: (T, 4), NaN where it is unknown, without a size where the target is absent.
        frame: (height, width).
        burn_in: how many frames, that of the start included; 0 counts the start, which overlaps
            by 0.
        only_visible: leave out frames whose truth has no size, too (``ignore_invisible``).
        ignored: (T, 4), what is masked out.

    Raises:
        ToolkitRefusesError: the truth is never known.
    """
    start = start_of(truth)
    given = started(answers, start)
    overlap = overlaps(given, truth, frame, ignored)
    counted = ~unknown(truth) & ~unknown(given)
    hidden = empty(truth) if only_visible else np.zeros(len(truth), bool)
    counted &= ~hidden
    if not hidden[start]:  # a start that is left out as invisible has no burn-in, either
        counted[start] = True
        counted[start : start + burn_in] = False
    return float(overlap[counted].mean()) if counted.any() else 0.0


def mean_accuracy(accuracies: Sequence[float], lengths: Sequence[int]) -> float:
    """Return ``AverageAccuracy``: each sequence weighs as it has frames, all of them."""
    weights = np.asarray(lengths, np.float64)
    return float((np.asarray(accuracies) * weights).sum() / weights.sum())


def start_of(truth: Floats) -> int:
    """Return the frame that a run starts at.

    Raises:
        ToolkitRefusesError: there is none.
    """
    known = ~unknown(truth)
    if not known.any():
        raise ToolkitRefusesError("VOT's toolkit cannot start where the truth is never known")
    return int(known.argmax())


def started(answers: Floats, start: int) -> Floats:
    """Return the answers (T, 4) as a run stores them: no region up to the start and at it.

    Answers are in the order of the run: what a tracker says to its second frame, which is frame
    ``start`` + 1, is ``answers[1]``.
    """
    given = np.full(answers.shape, np.nan)
    given[start + 1 :] = answers[1 : len(answers) - start]
    return given
