"""Scores of several trackers on the same sequences, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import DamagedFileError, TrackbenchError, UnknownIdError
from trackbench.ids import unversioned
from trackbench.metrics import Metric
from trackbench.metrics.evaluation_protocol import Length
from trackbench.results.directory import Results
from trackbench.results.run import Run


@dataclass(frozen=True)
class PairedCell:
    """A data set at a length, tracked by K trackers.

    Attributes:
        dataset, length: which.
        scores: (N, K), finite; N may be 0.
        left_out: sequences for which the metric has no score, and which are not among the N.
    """

    dataset: str
    length: Length
    scores: NDArray[np.float64]
    left_out: int


def stored_tracker(results: Results, wanted: str) -> str:
    """Return the stored tracker that an id means; without a version, the newest.

    Raises:
        UnknownIdError: there is none; it lists those that there are.
        TrackbenchError: it was begun, and is not finished on any data set.
    """
    if wanted in results.trackers:
        return wanted
    versions = {
        int(match[1]): tracker
        for tracker in results.trackers
        if (match := re.fullmatch(re.escape(wanted) + r"-v([1-9][0-9]*)", tracker))
    }
    if not versions:
        begun = {record.tracker for record in results.incomplete}
        if wanted in begun | {unversioned(tracker) for tracker in begun}:
            raise TrackbenchError(
                f"{wanted} is not finished on any data set in {results.path}, which the same "
                f"trackbench run goes on with; finished: {', '.join(results.trackers)}"
            )
        names = {unversioned(tracker) for tracker in results.trackers}
        known = {*results.trackers, *names}
        kind = f"tracker in {results.path}"
        raise UnknownIdError(kind, wanted, known, listed=results.trackers)
    return versions[max(versions)]


def paired_cells(
    results: Results, trackers: list[str], metric: Metric | None = None
) -> list[PairedCell]:
    """Return the cells of the data sets that all trackers have, in suite order.

    Args:
        results: of one protocol.
        trackers: stored ones.
        metric: what a score is; None: the protocol's, mean IoU.

    Raises:
        TrackbenchError: no data set in common.
        DamagedFileError: a score is no number, or a file is damaged.
    """
    return [cell for runs in _common(results, trackers) for cell in _cells(runs, metric)]


def _common(results: Results, trackers: list[str]) -> list[list[Run]]:
    """Return the trackers' runs, in their order, for each data set that all of them have."""
    by_dataset: dict[str, dict[str, Run]] = {}
    for run in sorted(results.runs, key=lambda run: (run.dataset.position, run.dataset.id)):
        by_dataset.setdefault(run.record.dataset, {})[run.record.tracker] = run
    common = [
        [runs[tracker] for tracker in trackers]
        for runs in by_dataset.values()
        if runs.keys() >= set(trackers)
    ]
    if not common:
        raise TrackbenchError(
            f"no data set in {results.path} has a finished run of {' and '.join(trackers)}"
        )
    return common


def _cells(runs: list[Run], metric: Metric | None) -> Iterator[PairedCell]:
    dataset = runs[0].dataset
    every = [dataset.by_sequence(_scores(run, metric)) for run in runs]
    scores = np.stack(every, axis=-1)  # (N, L, K)
    for column, length in enumerate(dataset.lengths):
        counted = np.isfinite(scores[:, column]).all(axis=-1)
        yield PairedCell(
            dataset.id, dataset.label(length), scores[counted, column], int((~counted).sum())
        )


def _scores(run: Run, metric: Metric | None) -> NDArray[np.float64]:
    """Return (N, L); NaN where a metric has no score, as of a target that is never seen."""
    if metric is not None:
        return run.metric(metric)
    if run.is_plain and not np.isfinite(run.scores).all():
        raise DamagedFileError(f"{run.folder} holds scores that are no numbers")
    return run.scores
