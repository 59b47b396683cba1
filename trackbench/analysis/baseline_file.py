"""A baseline as a JSON file for git.

Each sequence has a line of its own and runs are in the order of their names, so two baselines
differ in the lines of the sequences whose scores differ, and in that of the SHA-256 over all of
it. A file without one, as written before, is read as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from trackbench.analysis.baseline import Baseline, BaselineDataset, BaselineRun
from trackbench.analysis.baseline_decoding import baseline_from
from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.results import atomic_files
from trackbench.results.bounded import read_json
from trackbench.results.compared import Compared
from trackbench.results.json_codec import known_schema
from trackbench.results.json_values import number_or_null

SCHEMA = 5
BEFORE_RUNS, WITH_RUNS, WITH_LENGTHS, WITH_MASKS = 1, 2, 3, 4
"""The schemas that knew no repeated runs, no sequences without a score, no masks, and no metrics.

A baseline without any of these is still written so.
"""

LARGEST = 256 * 2**20
"""Bytes of a file that is read; 500 sequences of 4 data sets take 60,000 a tracker."""

_SHA256 = "sha256"


def write(baseline: Baseline, path: Path) -> None:
    """Write a baseline as JSON, atomically; raises as :func:`~.atomic_files.writing_to` does."""
    found = json.loads("\n".join(_lines(baseline, None)))
    lines = _lines(baseline, _digest(found))
    with atomic_files.writing_to(path) as temporary:
        temporary.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        DamagedFileError: there is no such file, it is no baseline, of a newer schema, or not as it
            was written.
    """
    found = read_json(path, LARGEST, "a baseline", finite=True)
    known_schema(found, SCHEMA, path, "a baseline")
    stated = found.pop(_SHA256, None)
    try:
        made = baseline_from(found)
    except (ValueError, TrackbenchError) as error:
        raise DamagedFileError(f"{path} is not a baseline: {error}") from error
    if stated is not None and stated != _digest(found):
        raise DamagedFileError(
            f"{path} is not as trackbench baseline wrote it (its SHA-256 is another): take it from "
            "git again, or make a new one"
        )
    return made


def _digest(found: dict[str, Any]) -> str:
    """Return the SHA-256 of what JSON says, however it is arranged."""
    return hashlib.sha256(_json(found).encode()).hexdigest()


def _lines(baseline: Baseline, sha256: str | None) -> Iterator[str]:
    """Yield the file's lines; JSON's own indentation would put every number on a line."""
    yield "{"
    repeated = any(run.runs > 1 for run in baseline.runs)
    unscored = any(np.isnan(run.scores).any() for run in baseline.runs)
    schema = WITH_LENGTHS if unscored else WITH_RUNS if repeated else BEFORE_RUNS
    if any(run.compared is not Compared.BOXES for run in baseline.runs):
        schema = WITH_MASKS
    schema = schema if baseline.metric is None else SCHEMA
    yield f'"schema": {schema},'
    if sha256 is not None:
        yield f'"{_SHA256}": "{sha256}",'
    yield f'"protocol": {_json(baseline.protocol.value)},'
    if baseline.metric is not None:
        yield f'"metric": {_json(baseline.metric.id)},'
    yield '"datasets": ['
    yield from _separated([_json(_described(dataset)) for dataset in baseline.datasets])
    yield "],"
    yield '"runs": ['
    for number, run in enumerate(baseline.runs):
        yield "{"
        for name, value in _facts(run).items():
            yield f"{_json(name)}: {_json(value)},"
        yield '"scores": ['
        yield from _separated(
            [_json([number_or_null(score) for score in row]) for row in run.scores.tolist()]
        )
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
    facts: dict[str, Any] = {
        "tracker": run.tracker,
        "dataset": run.dataset,
        "fingerprint": run.fingerprint,
        "fps": number_or_null(run.fps),
        "processor": run.processor,
        "versions": run.versions,
        "failures": run.failures,
        "invalid": run.invalid,
    }
    if run.runs > 1:
        facts |= {"runs": run.runs, "run_stds": run.run_stds}
    if run.compared is not Compared.BOXES:
        facts["compared"] = run.compared.value
    return facts


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, allow_nan=False)
