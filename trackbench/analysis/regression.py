"""The regression check: did a tracker get worse than its baseline, where, and by how much?

A cell (tracker, data set, length) has regressed when its mean score fell by more than the
tolerance *and* the fall is significant, or when more sequences fail or more boxes are invalid than
before, or, on request, when the tracker has become slower.

Significance is of the paired differences (:func:`~trackbench.statistics.loss_test.loss_p_value`),
adjusted over all cells by Hommel's procedure: if nothing has changed but chance, the whole check
fails at most with probability alpha. If nothing has changed at all, as for a deterministic tracker,
all differences are 0 and it cannot fail.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.baseline import (
    Baseline,
    BaselineDataset,
    BaselineRun,
    rounded_run_stds,
    rounded_scores,
)
from trackbench.analysis.verdict import CellCheck, Limits, Reason, Verdict
from trackbench.errors import IncompatibleResultsError, parameter
from trackbench.metrics import Metric
from trackbench.metrics.evaluation_protocol import Length
from trackbench.printing.amounts import counted
from trackbench.results.directory import Results, stored_protocols
from trackbench.results.run import Run
from trackbench.results.run_record import RunRecord
from trackbench.statistics.families import hommel
from trackbench.statistics.loss_test import fewest_sequences, loss_p_value

_NOTHING = 1e-9
"""What floating-point sums of rounded scores may add to a loss that is just the tolerance."""


@dataclass(frozen=True)
class _Pair:
    """A run, before and after; ``scores`` (N, L) are those after, rounded as those before."""

    before: BaselineRun
    after: Run
    dataset: BaselineDataset
    scores: NDArray[np.float64]
    metric: Metric | None

    @property
    def of_sequences(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(M, L) before and after, of sequences; they are the N unless those are runs of them."""
        by_sequence = self.after.dataset.by_sequence
        return by_sequence(self.before.scores), by_sequence(self.scores)

    @property
    def differences(self) -> NDArray[np.float64]:
        """(M, L), after minus before: negative is worse; NaN of a sequence without a score."""
        before, after = self.of_sequences
        return after - before

    @property
    def fewest(self) -> int:
        """Sequences with a score, at the length that has the fewest."""
        return int((~np.isnan(self.of_sequences[1])).sum(axis=0).min())


def check(directory: Path, baseline: Baseline, limits: Limits) -> Verdict:
    """Hold the results in a directory to a baseline. What the baseline does not have is ignored.

    Raises:
        IncompatibleResultsError: other data, other sequences, another protocol, or a run of the
            baseline that is not there or not finished: nothing of that can be compared.
        TrackbenchError: there are no results.
    """
    return held_to(_results(directory, baseline), baseline, limits)


def held_to(results: Results, baseline: Baseline, limits: Limits) -> Verdict:
    """Hold results that were read already to a baseline; as :func:`check`.

    Raises:
        IncompatibleResultsError: as there.
    """
    pairs = _pairs(results, baseline)
    p_values = adjusted_p_values([pair.differences for pair in pairs])
    cells = [
        cell for pair, p in zip(pairs, p_values, strict=True) for cell in _cells(pair, p, limits)
    ]
    return Verdict(tuple(cells), limits, tuple(_notes(results, pairs, limits)))


def cell_differences(
    results: Results, baseline: Baseline
) -> dict[tuple[str, Length], NDArray[np.float64]]:
    """Return (data set, length) -> (M,) differences of sequences, after minus before.

    Sequences without a score are left out.

    Raises:
        IncompatibleResultsError: as :func:`check`.
    """
    found = {}
    for pair in _pairs(results, baseline):
        for length, column in zip(pair.dataset.lengths, pair.differences.T, strict=True):
            label = pair.after.dataset.label(length)
            found[pair.dataset.id, label] = column[~np.isnan(column)]
    return found


def _pairs(results: Results, baseline: Baseline) -> list[_Pair]:
    # Put together once: to look through all runs for each of them would cost their square.
    unfinished: dict[tuple[str, str], RunRecord] = {}
    finished: dict[tuple[str, str], Run] = {}
    for record in reversed(results.incomplete):
        unfinished[record.tracker, record.dataset] = record
    for run in reversed(results.runs):
        finished[run.record.tracker, run.record.dataset] = run
    return [
        _paired(
            results,
            before,
            baseline,
            unfinished.get((before.tracker, before.dataset)),
            finished.get((before.tracker, before.dataset)),
        )
        for before in baseline.runs
    ]


def adjusted_p_values(differences: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """Return the p-values of losses in every cell, adjusted over all of them.

    Args:
        differences: for each run (..., N, L), after minus before; NaN is no score.

    Returns:
        (..., L) for each run.
    """
    p_values = [_p_values(np.moveaxis(d, -1, -2)) for d in differences]
    adjusted = hommel(np.concatenate(p_values, axis=-1))
    ends = np.cumsum([p.shape[-1] for p in p_values])
    return np.split(adjusted, ends[:-1], axis=-1)


def _p_values(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (..., L) of differences (..., L, N); 1 where no sequence has a score."""
    if not np.isnan(differences).any():
        return loss_p_value(differences)
    rows = differences.reshape(-1, differences.shape[-1])
    scored = [row[~np.isnan(row)] for row in rows]
    found = [float(loss_p_value(row)) if row.size else 1.0 for row in scored]
    return np.array(found).reshape(differences.shape[:-1])


def lower_score(
    mean: NDArray[np.float64], p: NDArray[np.float64], limits: Limits
) -> NDArray[np.bool_]:
    """Return (...): the mean difference is a significant loss of more than the tolerance."""
    worse: NDArray[np.bool_] = (-mean > limits.tolerance + _NOTHING) & (p <= limits.alpha)
    return worse


def _results(directory: Path, baseline: Baseline) -> Results:
    held, wanted = stored_protocols(directory), baseline.protocol.value
    if held and wanted not in held:
        raise IncompatibleResultsError(
            f"{directory} holds results of {' and '.join(held)}, the baseline is of {wanted}: "
            f"run with {parameter('protocol', wanted)}, or make a new baseline"
        )
    return Results.load(directory, baseline.protocol)


def _paired(
    results: Results,
    before: BaselineRun,
    baseline: Baseline,
    unfinished: RunRecord | None,
    found: Run | None,
) -> _Pair:
    what = f"{before.tracker} on {before.dataset}"
    if unfinished is not None:
        raise IncompatibleResultsError(
            f"{unfinished.name} is not finished in {results.path}: "
            "finish it with the same trackbench run"
        )
    if found is None:
        raise IncompatibleResultsError(
            f"the baseline has {what}, {results.path} has not: run it, or make a new baseline"
        )
    if found.compared is not before.compared:
        raise IncompatibleResultsError(
            f"IoU of {what} is of {found.compared.value} in {results.path}, and of "
            f"{before.compared.value} in the baseline: such numbers are not comparable; make a new "
            "baseline with trackbench baseline"
        )
    (dataset,) = (d for d in baseline.datasets if d.id == before.dataset)
    _check_same_data(results, found, dataset)
    scores = rounded_scores(found, dataset.lengths, baseline.metric)
    if lost := np.flatnonzero((np.isnan(scores) != np.isnan(before.scores)).any(axis=1)).tolist():
        raise IncompatibleResultsError(
            f"{what} has other sequences with a score than the baseline, such as sequence "
            f"{lost[0]}: its frames could be read there or here alone"
        )
    return _Pair(before, found, dataset, scores, baseline.metric)


def _check_same_data(results: Results, run: Run, dataset: BaselineDataset) -> None:
    new_baseline = "make a new baseline with trackbench baseline"
    for fingerprint in (run.record.dataset_fingerprint, run.dataset.fingerprint):
        if fingerprint != dataset.fingerprint:
            raise IncompatibleResultsError(
                f"{dataset.id} in {results.path} is other data than the baseline's (fingerprint "
                f"{fingerprint[:12]}, not {dataset.fingerprint[:12]}): {new_baseline}"
            )
    if run.record.sequences != dataset.sequences or run.record.length < max(dataset.lengths):
        raise IncompatibleResultsError(
            f"{results.path} holds {run.record.sequences} sequences of {run.record.length} frames "
            f"of {dataset.id}, the baseline {dataset.sequences} of {max(dataset.lengths)}: "
            f"run as many, or {new_baseline}"
        )


def _cells(pair: _Pair, p: NDArray[np.float64], limits: Limits) -> Iterator[CellCheck]:
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


def _is_repeated(pair: _Pair) -> bool:
    return pair.before.runs > 1 or len(pair.after.repeats) > 1


def _repeated(pair: _Pair) -> str:
    """Return over how many runs scores are means, and by how much the runs differ."""
    after = rounded_run_stds(pair.after, pair.dataset.lengths, pair.metric)
    sides = (
        ("before", pair.before.runs, pair.before.run_stds),
        ("after", len(pair.after.repeats), after),
    )
    said = [
        f"{counted(runs, 'run')} {when}" + (f" (± {stds[-1]:.3f} between them)" if stds else "")
        for when, runs, stds in sides
    ]
    length = pair.after.dataset.label(max(pair.dataset.lengths))
    what = f"{pair.before.tracker} on {pair.dataset.id}"
    return f"{what}: means over {', '.join(said)} at length {length}"


def _slower(fps: tuple[float, float], allowed: float | None) -> bool:
    """Whether too much speed is lost; a speed of NaN (no frame was answered) is no speed."""
    before, after = fps
    return allowed is not None and before > 0 and not after >= before * (1 - allowed)


def _too_few(pairs: list[_Pair], alpha: float) -> Iterator[str]:
    fewest = fewest_sequences(alpha)
    for dataset, sequences in {pair.dataset.id: pair.fewest for pair in pairs}.items():
        if sequences < fewest:
            yield (
                f"{dataset} has {counted(sequences, 'sequence')}: it takes {fewest} until any loss "
                f"of score can be significant at alpha {alpha:g}; for a deterministic tracker, "
                f"{parameter('alpha', 1)} lets the tolerance alone decide"
            )


def _notes(results: Results, pairs: list[_Pair], limits: Limits) -> Iterator[str]:
    yield from _too_few(pairs, limits.alpha)
    if repeated := [pair for pair in pairs if _is_repeated(pair)]:
        yield from map(_repeated, repeated)
        yield (
            "p is of sequences: what shifts all of them alike from one run to the next is not in "
            "it; hold a loss against what is between runs"
        )
    imported = [pair.before.tracker for pair in pairs if pair.after.record.imported]
    for tracker in dict.fromkeys(imported):
        yield f"{tracker} was imported: its boxes are of another program's files"
    if (metric := pairs[0].metric) is not None:
        yield f"scores are {metric.id}, sequences alike: {metric.definition}"
    seeing = [pair.before.tracker for pair in pairs if pair.after.record.sees_future]
    for tracker in dict.fromkeys(seeing):
        yield f"{tracker} sees the future: it was handed whole videos"
    changed = [pair for pair in pairs if pair.before.fingerprint != pair.after.record.fingerprint]
    for tracker in dict.fromkeys(pair.before.tracker for pair in changed):
        yield f"{tracker} is not the baseline's: its parameters, weights or source have changed"
    if limits.speed is not None and any(
        pair.before.processor != pair.after.record.processor for pair in pairs
    ):
        yield "the baseline was timed on another processor: its speed says little about this one"
    yield from (older.said for older in results.older)
    checked = {(pair.before.tracker, pair.before.dataset) for pair in pairs}
    for run in results.runs:
        if (run.record.tracker, run.record.dataset) not in checked:
            yield (
                f"{run.record.tracker} on {run.record.dataset} is not in the baseline and was "
                "not checked"
            )
