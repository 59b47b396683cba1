"""VOT's long-term evaluation: precision, recall and F from confidences (``PrecisionRecall``)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trackbench.metrics.toolkits.curves import Floats, quiet
from trackbench.metrics.toolkits.rows import unknown
from trackbench.metrics.toolkits.vot_accuracy import start_of, started
from trackbench.metrics.toolkits.vot_overlap import overlaps

RESOLUTION = 100
"""Thresholds of the confidence, the two infinite ones included."""


@dataclass(frozen=True)
class LongTermRun:
    """A run as the measure sees it.

    Attributes:
        overlap: (T,), 0 at the start.
        confidence: (T,), that of the start included; 0 before it.
        known: frames whose truth is known, those included in which it has no size.
    """

    overlap: Floats
    confidence: Floats
    known: int


@dataclass(frozen=True)
class PrecisionRecall:
    """At the threshold of the highest F."""

    precision: float
    recall: float
    f: float


def long_term_run(
    answers: Floats, truth: Floats, confidence: Floats, frame: tuple[int, int]
) -> LongTermRun:
    """Return what the measure takes of a sequence.

    Args:
        answers: (T, 4), in the order of the run, NaN where there is no region.
        truth: (T, 4), NaN where it is unknown.
        confidence: (T,), as ``answers``.
        frame: (height, width).

    Raises:
        ToolkitRefusesError: the truth is never known.
    """
    start = start_of(truth)
    given = started(answers, start)
    sure = np.zeros(len(truth))
    sure[start:] = confidence[: len(truth) - start]
    known = int((~unknown(truth)).sum())
    return LongTermRun(overlaps(given, truth, frame), sure, known)


def precision_recall(sequences: Sequence[LongTermRun]) -> PrecisionRecall:
    """Return precision, recall and F over sequences, which count alike.

    Thresholds are taken of the confidences of all sequences together. At each, precision is the
    mean overlap of the frames that are as sure (1 where none is), recall their overlap over the
    frames of known truth. Both are averaged over sequences before F is taken.
    """
    found = thresholds(np.concatenate([run.confidence for run in sequences]))
    curves = np.array([[_at(run, threshold) for threshold in found] for run in sequences])
    precision, recall = curves.mean(axis=0).T
    with quiet():
        f = 2 * precision * recall / (precision + recall)
    # As max() of a list: what is no number is passed over, unless it comes first.
    best = 0
    for at in range(1, len(f)):
        if f[at] > f[best]:
            best = at
    return PrecisionRecall(float(precision[best]), float(recall[best]), float(f[best]))


def thresholds(confidences: Floats, resolution: int = RESOLUTION) -> list[float]:
    """Return the thresholds, descending: of few confidences all of them, between infinities."""
    ordered = np.sort(confidences[~np.isnan(confidences)])[::-1]
    if len(ordered) > resolution - 2:
        step = math.floor(len(ordered) / (resolution - 2))
        at = np.round(np.linspace(step, len(ordered) - step, num=resolution - 2)).astype(int)
        ordered = ordered[at]
    return [math.inf, *ordered.tolist(), -math.inf]


def _at(run: LongTermRun, threshold: float) -> tuple[float, float]:
    sure = run.confidence >= threshold
    if not sure.any():
        return 1.0, 0.0
    return float(run.overlap[sure].mean()), float(run.overlap[sure].sum()) / run.known
