"""What a regression check compares with: the scores of stored runs, in one JSON file for git.

Scores are rounded to four decimals. That is a hundredth of the smallest change worth a thought,
and it keeps the last bits, which differ from machine to machine, out of the file and out of the
comparison: :mod:`trackbench.regression` rounds the new scores alike. Each sequence has a line of
its own, runs are in the order of their names, and so two baselines differ in the lines of the
sequences whose scores differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench import files
from trackbench.errors import DamagedFileError, IncompatibleResultsError
from trackbench.protocols import Protocol
from trackbench.results import Results, Run

SCHEMA = 1
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
        failures: sequences spoiled within each length.
        invalid: predictions that are no box within each length, failures aside.
        scores: (N, L) scores of each sequence at each length, rounded to :data:`DECIMALS`.
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


@dataclass(frozen=True)
class Baseline:
    """The data sets and runs that a check holds new results to."""

    protocol: Protocol
    datasets: tuple[BaselineDataset, ...]
    runs: tuple[BaselineRun, ...]


def baseline_of(results: Results) -> Baseline:
    """Take what a check needs from the runs of a results directory.

    Raises:
        IncompatibleResultsError: a run is not finished; a baseline without it would not guard it.
        DamagedFileError: a score is no number.
    """
    for record in results.incomplete:
        raise IncompatibleResultsError(
            f"{record.tracker} on {record.dataset} is not finished in {results.path}: "
            "finish it with the same trackbench run, or take another directory"
        )
    datasets = tuple(
        BaselineDataset(record.id, record.fingerprint, record.sequences, record.lengths)
        for record in sorted(results.datasets.values(), key=lambda record: record.id)
    )
    runs = sorted(results.runs, key=lambda run: (run.record.tracker, run.record.dataset))
    return Baseline(results.protocol, datasets, tuple(_run(run) for run in runs))


def rounded_scores(run: Run, lengths: tuple[int, ...]) -> NDArray[np.float64]:
    """Return (N, L) scores as a baseline has them.

    Raises:
        DamagedFileError: a score is no number.
    """
    scores = run.scores_at(lengths)
    if not np.isfinite(scores).all():
        raise DamagedFileError(f"{run.folder} holds scores that are no numbers")
    return np.round(scores, DECIMALS)


def write(baseline: Baseline, path: Path) -> None:
    """Write a baseline as JSON, atomically."""
    files.write_text(path, "".join(f"{line}\n" for line in _lines(baseline)))


def read(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        DamagedFileError: there is no such file, it is no baseline, or of another schema.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        number = found["schema"]
        if number != SCHEMA:
            raise DamagedFileError(
                f"{path} follows schema {number}, and this trackbench knows {SCHEMA}: "
                "upgrade the older of the two, or make a new one with trackbench baseline"
            )
        return _decoded(found)
    except OSError as error:
        raise DamagedFileError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedFileError(f"{path} is not a baseline: {error!r}") from error


def _run(run: Run) -> BaselineRun:
    lengths = run.dataset.lengths
    return BaselineRun(
        tracker=run.record.tracker,
        fingerprint=run.record.fingerprint,
        dataset=run.record.dataset,
        fps=float(f"{run.record.fps:.4g}"),
        processor=run.record.processor,
        versions=run.record.versions,
        failures=run.failures_at(lengths),
        invalid=run.invalid_at(lengths),
        scores=rounded_scores(run, lengths),
    )


def _lines(baseline: Baseline) -> Iterator[str]:
    """Yield the file's lines; JSON's own indentation would put every number on a line."""
    yield "{"
    yield f'"schema": {SCHEMA},'
    yield f'"protocol": {_json(baseline.protocol.value)},'
    yield '"datasets": ['
    yield from _separated([_json(_described(dataset)) for dataset in baseline.datasets])
    yield "],"
    yield '"runs": ['
    for number, run in enumerate(baseline.runs):
        yield "{"
        for name, value in _facts(run).items():
            yield f"{_json(name)}: {_json(value)},"
        yield '"scores": ['
        yield from _separated([_json(row) for row in run.scores.tolist()])
        yield "]"
        yield "}," if number + 1 < len(baseline.runs) else "}"
    yield "]"
    yield "}"


def _separated(items: list[str]) -> Iterator[str]:
    for item in items[:-1]:
        yield f"{item},"
    yield from items[-1:]


def _described(dataset: BaselineDataset) -> dict[str, Any]:
    return {
        "id": dataset.id,
        "fingerprint": dataset.fingerprint,
        "sequences": dataset.sequences,
        "lengths": dataset.lengths,
    }


def _facts(run: BaselineRun) -> dict[str, Any]:
    return {
        "tracker": run.tracker,
        "dataset": run.dataset,
        "fingerprint": run.fingerprint,
        "fps": run.fps if np.isfinite(run.fps) else None,
        "processor": run.processor,
        "versions": run.versions,
        "failures": run.failures,
        "invalid": run.invalid,
    }


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, allow_nan=False)


def _decoded(found: dict[str, Any]) -> Baseline:
    datasets = tuple(
        BaselineDataset(d["id"], d["fingerprint"], int(d["sequences"]), tuple(d["lengths"]))
        for d in found["datasets"]
    )
    shapes = {dataset.id: (dataset.sequences, len(dataset.lengths)) for dataset in datasets}
    if not found["runs"]:
        raise ValueError("it has no runs")
    runs = []
    for run in found["runs"]:
        scores = np.array(run["scores"], np.float64)
        shape = shapes[run["dataset"]]
        if scores.shape != shape or not np.isfinite(scores).all():
            raise ValueError(f"the scores of {run['tracker']} on {run['dataset']} are not {shape}")
        if {len(run["failures"]), len(run["invalid"])} != {shape[1]}:
            raise ValueError(f"{run['tracker']} on {run['dataset']} has not one count a length")
        runs.append(
            BaselineRun(
                tracker=str(run["tracker"]),
                fingerprint=str(run["fingerprint"]),
                dataset=str(run["dataset"]),
                fps=float("nan") if run["fps"] is None else float(run["fps"]),
                processor=str(run["processor"]),
                versions=dict(run["versions"]),
                failures=tuple(run["failures"]),
                invalid=tuple(run["invalid"]),
                scores=scores,
            )
        )
    return Baseline(Protocol.of(found["protocol"]), datasets, tuple(runs))
