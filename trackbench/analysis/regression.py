"""The regression check: did a tracker get worse than its baseline, where, and by how much?

A cell (tracker, data set, length) has regressed when its mean score fell by more than the
tolerance *and* the fall is significant, or when more sequences fail or more boxes are invalid than
before, or, on request, when the tracker has become slower. What is significant:
:mod:`trackbench.analysis.significant_loss`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.baseline import Baseline, rounded_run_stds
from trackbench.analysis.check_notes import check_notes
from trackbench.analysis.checked_runs import CheckedRun, checked_runs, results_for
from trackbench.analysis.significant_loss import adjusted_p_values, lower_score
from trackbench.analysis.verdict import CellCheck, Limits, Reason, Verdict
from trackbench.metrics.evaluation_protocol import Length
from trackbench.results.directory import Results


def check(directory: Path, baseline: Baseline, limits: Limits) -> Verdict:
    """Hold the results in a directory to a baseline. What the baseline does not have is ignored.

    Raises:
        IncompatibleResultsError: other data, other sequences, another protocol, or a run of the
            baseline that is not there or not finished: nothing of that can be compared.
        TrackbenchError: there are no results.
    """
    return held_to(results_for(directory, baseline), baseline, limits)


def held_to(results: Results, baseline: Baseline, limits: Limits) -> Verdict:
    """Hold results that were read already to a baseline; as :func:`check`.

    Raises:
        IncompatibleResultsError: as there.
    """
    pairs = checked_runs(results, baseline)
    p_values = adjusted_p_values([pair.differences for pair in pairs])
    cells = [
        cell for pair, p in zip(pairs, p_values, strict=True) for cell in _cells(pair, p, limits)
    ]
    return Verdict(tuple(cells), limits, tuple(check_notes(results, pairs, limits)))


def cell_differences(
    results: Results, baseline: Baseline
) -> dict[tuple[str, Length], NDArray[np.float64]]:
    """Return (data set, length) -> (M,) differences of sequences, after minus before.

    Sequences without a score are left out.

    Raises:
        IncompatibleResultsError: as :func:`check`.
    """
    found = {}
    for pair in checked_runs(results, baseline):
        for length, column in zip(pair.dataset.lengths, pair.differences.T, strict=True):
            label = pair.after.dataset.label(length)
            found[pair.dataset.id, label] = column[~np.isnan(column)]
    return found


def _cells(pair: CheckedRun, p: NDArray[np.float64], limits: Limits) -> Iterator[CellCheck]:
    lengths = pair.dataset.lengths
    scored = ~np.isnan(pair.of_sequences[1])
    worse = lower_score(_means(pair.differences), p, limits)
    before, after = map(_means, pair.of_sequences)
    failures = pair.after.failures_at(lengths)
    invalid = pair.after.invalid_at(lengths)
    fps = (pair.before.fps, pair.after.fps)
    runs = (pair.before.runs, len(pair.after.repeats))
    run_stds = [
        stds or (math.nan,) * len(lengths)
        for stds in (pair.before.run_stds, rounded_run_stds(pair.after, lengths, pair.metric))
    ]
    for column, length in enumerate(lengths):
        reasons = {
            Reason.SCORE: bool(worse[column]),
            # More for each run: one run's count is compared with the mean of several.
            Reason.FAILURES: failures[column] * runs[0] > pair.before.failures[column] * runs[1],
            Reason.INVALID: invalid[column] * runs[0] > pair.before.invalid[column] * runs[1],
            # Time is measured over the whole run, so the longest prefix stands for it.
            Reason.SPEED: length == max(lengths) and _slower(fps, limits.speed),
        }
        yield CellCheck(
            tracker=pair.before.tracker,
            dataset=pair.dataset.id,
            length=pair.after.dataset.label(length),
            sequences=int(scored[:, column].sum()),
            before=float(before[column]),
            after=float(after[column]),
            p=float(p[column]),
            failures=(pair.before.failures[column], failures[column]),
            invalid=(pair.before.invalid[column], invalid[column]),
            fps=fps,
            reasons=tuple(reason for reason, holds in reasons.items() if holds),
            runs=runs,
            run_stds=(run_stds[0][column], run_stds[1][column]),
        )


def _means(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (L,) means of the scores (N, L) that there are; NaN of none."""
    scored = ~np.isnan(scores)
    if scored.all():
        means: NDArray[np.float64] = scores.mean(axis=0)
        return means
    columns = [scores[scored[:, column], column] for column in range(scores.shape[1])]
    return np.array([column.mean() if column.size else math.nan for column in columns])


def _slower(fps: tuple[float, float], allowed: float | None) -> bool:
    """Whether too much speed is lost; a speed of NaN (no frame was answered) is no speed."""
    before, after = fps
    return allowed is not None and before > 0 and not after >= before * (1 - allowed)
