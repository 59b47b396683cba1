"""What the JSON of a baseline says, held to what :mod:`.baseline_file` writes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.baseline import Baseline, BaselineDataset, BaselineRun
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.printing.text import quoted
from trackbench.results.json_checks import count, items, members, number, text

_LONGEST = 10**9
"""Sequences, or frames of one; more than anybody can track, and less than overflows anything."""

_FILE = ("schema", "protocol", "datasets", "runs")
_DATASET = ("fingerprint", "id", "lengths", "sequences")
_RUN = (
    *("tracker", "dataset", "fingerprint", "fps", "processor", "versions"),
    *("failures", "invalid", "scores"),
)


def decoded(found: Any) -> Baseline:
    """Return the baseline that JSON describes.

    Raises:
        ValueError: something is missing, too much, or makes no sense; the message is the reason.
    """
    members(found, _FILE, "it")
    datasets = [_dataset(record) for record in items(found["datasets"], "its datasets")]
    by_id = {dataset.id: dataset for dataset in datasets}
    runs = [_run(record, by_id) for record in items(found["runs"], "its runs")]
    if not runs:
        raise ValueError("it has no runs")
    if len(by_id) < len(datasets) or len({(r.tracker, r.dataset) for r in runs}) < len(runs):
        raise ValueError("it has a run or a data set twice")
    protocol = EvaluationProtocol.of(text(found["protocol"], "its protocol"))
    return Baseline(protocol, tuple(datasets), tuple(runs))


def _dataset(record: Any) -> BaselineDataset:
    members(record, _DATASET, "a data set")
    name = text(record["id"], "a data set's id")
    lengths = tuple(count(n, _LONGEST) for n in items(record["lengths"], f"{name}'s lengths"))
    if not lengths or lengths[0] < 1 or list(lengths) != sorted(set(lengths)):
        raise ValueError(f"the lengths of {quoted(name)} are not ascending")
    sequences = count(record["sequences"], _LONGEST)
    if not sequences:
        raise ValueError(f"{quoted(name)} has no sequences")
    fingerprint = text(record["fingerprint"], f"the fingerprint of {quoted(name)}")
    return BaselineDataset(name, fingerprint, sequences, lengths)


def _run(record: Any, datasets: dict[str, BaselineDataset]) -> BaselineRun:
    members(record, _RUN, "a run")
    tracker = text(record["tracker"], "a run's tracker")
    name = text(record["dataset"], f"the data set of {quoted(tracker)}")
    if name not in datasets:
        raise ValueError(f"it does not describe the data set {quoted(name)} of {quoted(tracker)}")
    dataset = datasets[name]
    what = f"{quoted(tracker)} on {quoted(name)}"
    frames = dataset.sequences * max(dataset.lengths)
    return BaselineRun(
        tracker=tracker,
        fingerprint=text(record["fingerprint"], f"the fingerprint of {what}"),
        dataset=name,
        fps=_speed(record["fps"], what),
        processor=text(record["processor"], f"the processor of {what}"),
        versions=_versions(record["versions"], what),
        failures=_counts(record["failures"], dataset, dataset.sequences, f"failures of {what}"),
        invalid=_counts(record["invalid"], dataset, frames, f"invalid boxes of {what}"),
        scores=_scores(record["scores"], dataset, what),
    )


def _scores(rows: Any, dataset: BaselineDataset, what: str) -> NDArray[np.float64]:
    """Return (N, L) scores."""
    shape = (dataset.sequences, len(dataset.lengths))
    listed = items(rows, f"the scores of {what}")
    if len(listed) != shape[0] or any(len(items(row, "its scores")) != shape[1] for row in listed):
        raise ValueError(f"the scores of {what} are not {shape}")
    scores = [[number(score, 1, f"a score of {what}") for score in row] for row in listed]
    return np.array(scores, np.float64).reshape(shape)


def _speed(value: Any, what: str) -> float:
    return math.nan if value is None else number(value, math.inf, f"the speed of {what}")


def _versions(value: Any, what: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise ValueError(f"the versions of {what} are no texts")
    return value


def _counts(value: Any, dataset: BaselineDataset, most: int, what: str) -> tuple[int, ...]:
    counts = tuple(count(n, most) for n in items(value, f"the {what}"))
    if len(counts) != len(dataset.lengths):
        raise ValueError(f"the {what} are not one count a length")
    return counts
