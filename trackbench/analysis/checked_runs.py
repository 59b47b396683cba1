"""Stored runs beside the runs of a baseline; what cannot be compared with it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.baseline import Baseline, BaselineDataset, BaselineRun, rounded_scores
from trackbench.errors import IncompatibleResultsError, parameter
from trackbench.metrics import Metric
from trackbench.results.directory import Results
from trackbench.results.reading_back import stored_protocols
from trackbench.results.run import Run
from trackbench.results.run_record import RunRecord


@dataclass(frozen=True)
class CheckedRun:
    """A tracker on a data set, before and after.

    Attributes:
        before: of the baseline.
        after: stored.
        dataset: of the baseline.
        scores: (N, L) of the stored run at the baseline's lengths, rounded as the baseline's are.
        metric: what the scores are; None: those of the protocol.
    """

    before: BaselineRun
    after: Run
    dataset: BaselineDataset
    scores: NDArray[np.float64]
    metric: Metric | None

    @property
    def of_sequences(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(M, L) scores of sequences, before and after.

        M is N, unless a sequence was run from several anchors: then each has a mean of its runs.
        """
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


def results_for(directory: Path, baseline: Baseline) -> Results:
    """Read results of a baseline's protocol.

    Raises:
        IncompatibleResultsError: there are results of other protocols alone.
        TrackbenchError: there are none, or they cannot be read.
    """
    held, wanted = stored_protocols(directory), baseline.protocol.value
    if held and wanted not in held:
        raise IncompatibleResultsError(
            f"{directory} holds results of {' and '.join(held)}, the baseline is of {wanted}: "
            f"run with {parameter('protocol', wanted)}, or make a new baseline"
        )
    return Results.load(directory, baseline.protocol)


def checked_runs(results: Results, baseline: Baseline) -> list[CheckedRun]:
    """Return every run of a baseline with the stored one that it is compared with.

    Raises:
        IncompatibleResultsError: there is none, or it is not finished, or of other data.
    """
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


def _paired(
    results: Results,
    before: BaselineRun,
    baseline: Baseline,
    unfinished: RunRecord | None,
    found: Run | None,
) -> CheckedRun:
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
    return CheckedRun(before, found, dataset, scores, baseline.metric)


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
