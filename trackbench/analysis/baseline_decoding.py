"""What the JSON of a baseline says, held to what :mod:`.baseline_file` writes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from trackbench.analysis.baseline import Baseline, BaselineDataset, BaselineRun
from trackbench.metrics import Metric
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.printing.text import quoted
from trackbench.results.compared import Compared
from trackbench.results.json_codec import NotNegative, Share, decoded
from trackbench.results.run_record import MOST_RUNS

_LONGEST = 10**9
"""Sequences, or frames of one; more than anybody can track, and less than overflows anything."""

UNSCORED, BY_MASKS, METRICS = 3, 4, 5
"""The schemas that know sequences without a score, IoU of masks, scores that are not mean IoU."""

_Count = Annotated[int, Meta(ge=0, le=_LONGEST)]
_Positive = Annotated[int, Meta(ge=1, le=_LONGEST)]


@dataclass(frozen=True)
class _Dataset:
    fingerprint: str
    id: str
    lengths: tuple[_Positive, ...]
    sequences: _Positive


@dataclass(frozen=True)
class _Run:
    tracker: str
    dataset: str
    fingerprint: str
    fps: NotNegative | None
    processor: str
    versions: dict[str, str]
    failures: tuple[_Count, ...]
    invalid: tuple[_Count, ...]
    scores: tuple[tuple[Share | None, ...], ...]
    runs: Annotated[int, Meta(ge=1, le=MOST_RUNS)] = 1
    run_stds: tuple[Share, ...] = ()
    compared: Compared = Compared.BOXES


@dataclass(frozen=True)
class _RunOfMetric(_Run):
    """A toolkit's share may be above 1."""

    scores: tuple[tuple[NotNegative | None, ...], ...]
    run_stds: tuple[NotNegative, ...] = ()


@dataclass(frozen=True)
class _File:
    schema: int
    protocol: str
    datasets: tuple[_Dataset, ...]
    runs: tuple[_Run, ...]


@dataclass(frozen=True)
class _FileOfMetric(_File):
    runs: tuple[_RunOfMetric, ...]
    metric: str


def baseline_from(found: Any) -> Baseline:
    """Return the baseline that JSON describes.

    Raises:
        ValueError: something is missing, too much, or makes no sense; the message is the reason.
    """
    if isinstance(found, dict) and found.get("schema") == METRICS:
        by_metric = decoded(_FileOfMetric, found)
        return _baseline(by_metric, Metric.named(by_metric.metric))
    return _baseline(decoded(_File, found), None)


def _baseline(file: _File, metric: Metric | None) -> Baseline:
    if file.schema < UNSCORED and any(None in row for run in file.runs for row in run.scores):
        raise ValueError(f"schema {file.schema} knows no sequence without a score")
    if file.schema < BY_MASKS and any(run.compared is not Compared.BOXES for run in file.runs):
        raise ValueError(f"schema {file.schema} knows no IoU of masks")
    datasets = [_dataset(one) for one in file.datasets]
    by_id = {dataset.id: dataset for dataset in datasets}
    runs = [_run(one, by_id) for one in file.runs]
    if not runs:
        raise ValueError("it has no runs")
    if len(by_id) < len(datasets) or len({(r.tracker, r.dataset) for r in runs}) < len(runs):
        raise ValueError("it has a run or a data set twice")
    return Baseline(EvaluationProtocol.of(file.protocol), tuple(datasets), tuple(runs), metric)


def _dataset(found: _Dataset) -> BaselineDataset:
    if not found.lengths or list(found.lengths) != sorted(set(found.lengths)):
        raise ValueError(f"the lengths of {quoted(found.id)} are not ascending")
    return BaselineDataset(found.id, found.fingerprint, found.sequences, found.lengths)


def _run(found: _Run, datasets: dict[str, BaselineDataset]) -> BaselineRun:
    name, tracker = found.dataset, quoted(found.tracker)
    if name not in datasets:
        raise ValueError(f"it does not describe the data set {quoted(name)} of {tracker}")
    dataset = datasets[name]
    what = f"{tracker} on {quoted(name)}"
    sequences = dataset.sequences * found.runs
    _check_counts(found.failures, dataset, sequences, f"failures of {what}")
    frames = sequences * max(dataset.lengths)
    _check_counts(found.invalid, dataset, frames, f"invalid boxes of {what}")
    return BaselineRun(
        tracker=found.tracker,
        fingerprint=found.fingerprint,
        dataset=name,
        fps=math.nan if found.fps is None else found.fps,
        processor=found.processor,
        versions=found.versions,
        failures=found.failures,
        invalid=found.invalid,
        scores=_scores(found.scores, dataset, what),
        runs=found.runs,
        run_stds=_run_stds(found, dataset, what),
        compared=found.compared,
    )


def _run_stds(found: _Run, dataset: BaselineDataset, what: str) -> tuple[float, ...]:
    """Return the spread between runs at each length; nothing of one run."""
    if len(found.run_stds) != (len(dataset.lengths) if found.runs > 1 else 0):
        raise ValueError(f"the spread between the runs of {what} is not one number a length")
    return found.run_stds


def _check_counts(counts: tuple[int, ...], dataset: BaselineDataset, most: int, what: str) -> None:
    if len(counts) != len(dataset.lengths):
        raise ValueError(f"the {what} are not one count a length")
    if max(counts) > most:
        raise ValueError(f"the {what}: {max(counts)} is no count up to {most}")


def _scores(
    rows: tuple[tuple[float | None, ...], ...], dataset: BaselineDataset, what: str
) -> NDArray[np.float64]:
    """Return (N, L) scores; NaN where there is none."""
    shape = (dataset.sequences, len(dataset.lengths))
    if len(rows) != shape[0] or any(len(row) != shape[1] for row in rows):
        raise ValueError(f"the scores of {what} are not {shape}")
    return np.array(rows, np.float64).reshape(shape)
