"""What a regression check compares with: the scores of stored runs.

Scores are rounded to four decimals. That is a hundredth of the smallest change worth a thought,
and it keeps the last bits, which differ from machine to machine, out of the file and out of the
comparison: :mod:`trackbench.analysis.regression` rounds the new scores alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import DamagedFileError, IncompatibleResultsError
from trackbench.metrics import Metric
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.results.compared import Compared
from trackbench.results.directory import Results
from trackbench.results.run import Run

DECIMALS = 4


@dataclass(frozen=True)
class BaselineDataset:
    """What was tracked: ``sequences`` of a data set, scored at ``lengths``."""

    id: str
    fingerprint: str
    sequences: int
    lengths: tuple[int, ...]


@dataclass(frozen=True)
class BaselineRun:
    """One tracker on one data set.

    Attributes:
        tracker, fingerprint: id and hash of everything that determines the tracker.
        dataset: what it was run on.
        fps: frames/s inside the tracker, over the whole run, to four digits.
        processor: that it ran on.
        versions: library -> version.
        failures: sequences spoiled within each length, in all runs.
        invalid: predictions that are no box within each length, failures aside, in all runs.
        scores: (N, L) scores of each sequence at each length, its mean over the runs, rounded to
            :data:`DECIMALS`; NaN where a sequence has none.
        runs: how many.
        run_stds: at each length, the standard deviation of the runs' mean scores, rounded alike;
            empty for one run.
        compared: what IoU is of, boxes or masks.
    """

    tracker: str
    fingerprint: str
    dataset: str
    fps: float
    processor: str
    versions: dict[str, str]
    failures: tuple[int, ...]
    invalid: tuple[int, ...]
    scores: NDArray[np.float64]
    runs: int = 1
    run_stds: tuple[float, ...] = ()
    compared: Compared = Compared.BOXES


@dataclass(frozen=True)
class Baseline:
    """The data sets and runs that a check holds new results to.

    Attributes:
        protocol, datasets, runs: what they are.
        metric: what a score is; None: mean IoU by the protocol.
    """

    protocol: EvaluationProtocol
    datasets: tuple[BaselineDataset, ...]
    runs: tuple[BaselineRun, ...]
    metric: Metric | None = None


def baseline_of(results: Results, metric: Metric | None = None) -> Baseline:
    """Take what a check needs from the runs of a results directory.

    Args:
        results: of one protocol.
        metric: what a score is; None: mean IoU by the protocol.

    Raises:
        IncompatibleResultsError: a run is not finished; a baseline without it would not guard it.
        DamagedFileError: a score is no number.
        ToolkitRefusesError: the metric's toolkit has no number for a sequence.
    """
    for record in results.incomplete:
        raise IncompatibleResultsError(
            f"{record.name} is not finished in {results.path}: "
            "finish it with the same trackbench run, or take another directory"
        )
    datasets = tuple(
        BaselineDataset(record.id, record.fingerprint, record.sequences, record.lengths)
        for record in sorted(results.datasets.values(), key=lambda record: record.id)
    )
    runs = sorted(results.runs, key=lambda run: (run.record.tracker, run.record.dataset))
    return Baseline(results.protocol, datasets, tuple(_run(run, metric) for run in runs), metric)


def rounded_scores(
    run: Run, lengths: tuple[int, ...], metric: Metric | None = None
) -> NDArray[np.float64]:
    """Return (N, L) scores as a baseline has them, NaN where a sequence has none.

    Raises:
        DamagedFileError: a score is no number.
        ToolkitRefusesError: the metric's toolkit has no number for a sequence.
    """
    if metric is not None:
        ((measured, _),) = run.measured([metric], lengths)
        if measured.refusal is not None:
            raise ToolkitRefusesError(measured.refusal)
        return np.round(measured.scores, DECIMALS)
    scores = run.scores_at(lengths)
    if run.is_plain and not np.isfinite(scores).all():
        raise DamagedFileError(f"{run.folder} holds scores that are no numbers")
    return np.round(scores, DECIMALS)


def rounded_run_stds(
    run: Run, lengths: tuple[int, ...], metric: Metric | None = None
) -> tuple[float, ...]:
    """Return the standard deviation of the runs' means at each length; nothing for one run."""
    if len(run.repeats) < 2:
        return ()
    if metric is not None:
        ((_, spread),) = run.measured([metric], lengths)
        return tuple(np.round(spread, DECIMALS).tolist())
    return tuple(np.round(run.run_stds(lengths), DECIMALS).tolist())


def _run(run: Run, metric: Metric | None) -> BaselineRun:
    lengths = run.dataset.lengths
    return BaselineRun(
        tracker=run.record.tracker,
        fingerprint=run.record.fingerprint,
        dataset=run.record.dataset,
        fps=float(f"{run.fps:.4g}"),
        processor=run.record.processor,
        # A kernel's release is no library's: it would be a change in every renewed baseline.
        versions={k: v for k, v in run.record.versions.items() if k != "platform"},
        failures=run.failures_at(lengths),
        invalid=run.invalid_at(lengths),
        scores=rounded_scores(run, lengths, metric),
        runs=len(run.repeats),
        run_stds=rounded_run_stds(run, lengths, metric),
        compared=run.compared,
    )
