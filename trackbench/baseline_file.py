"""A baseline as a JSON file for git.

Each sequence has a line of its own and runs are in the order of their names, so two baselines
differ in the lines of the sequences whose scores differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from trackbench import files
from trackbench.baseline import Baseline, BaselineDataset, BaselineRun
from trackbench.errors import DamagedFileError
from trackbench.protocols import Protocol

SCHEMA = 1


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
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedFileError(f"{path} is not a baseline: {error!r}") from error


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
    """Return what JSON says; what is missing or makes no sense raises any of the common errors."""
    datasets = {record["id"]: _dataset(record) for record in found["datasets"]}
    runs = {(run["tracker"], run["dataset"]): _run(run, datasets) for run in found["runs"]}
    if not runs:
        raise ValueError("it has no runs")
    if (len(datasets), len(runs)) != (len(found["datasets"]), len(found["runs"])):
        raise ValueError("it has a run or a data set twice")
    return Baseline(Protocol.of(found["protocol"]), tuple(datasets.values()), tuple(runs.values()))


def _dataset(record: dict[str, Any]) -> BaselineDataset:
    lengths = tuple(map(_count, record["lengths"]))
    if not lengths or lengths[0] < 1 or list(lengths) != sorted(set(lengths)):
        raise ValueError(f"the lengths of {record['id']} are not ascending")
    return BaselineDataset(
        str(record["id"]), str(record["fingerprint"]), _count(record["sequences"]), lengths
    )


def _run(run: dict[str, Any], datasets: dict[str, BaselineDataset]) -> BaselineRun:
    what, dataset = f"{run['tracker']} on {run['dataset']}", datasets[run["dataset"]]
    scores = np.array(run["scores"], np.float64)
    shape = (dataset.sequences, len(dataset.lengths))
    if scores.shape != shape or not np.isfinite(scores).all():
        raise ValueError(f"the scores of {what} are not {shape}")
    if {len(run["failures"]), len(run["invalid"])} != {shape[1]}:
        raise ValueError(f"{what} has not one count a length")
    fps = float("nan") if run["fps"] is None else float(run["fps"])
    if np.isinf(fps):
        raise ValueError(f"the speed of {what} is infinite")
    return BaselineRun(
        tracker=str(run["tracker"]),
        fingerprint=str(run["fingerprint"]),
        dataset=dataset.id,
        fps=fps,
        processor=str(run["processor"]),
        versions=dict(run["versions"]),
        failures=tuple(map(_count, run["failures"])),
        invalid=tuple(map(_count, run["invalid"])),
        scores=scores,
    )


def _count(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value
