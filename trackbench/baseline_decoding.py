"""What the JSON of a baseline says, held to what :mod:`trackbench.baseline_file` writes.

Nothing is converted: a text is no number, ``true`` no count, and a name that is not known is not
passed over. For a number that was read as another one would make a verdict of nothing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.baseline import Baseline, BaselineDataset, BaselineRun
from trackbench.protocols import Protocol
from trackbench.text import quoted

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
    _check_names(found, _FILE, "it")
    datasets = [_dataset(record) for record in _list(found["datasets"], "its datasets")]
    by_id = {dataset.id: dataset for dataset in datasets}
    runs = [_run(record, by_id) for record in _list(found["runs"], "its runs")]
    if not runs:
        raise ValueError("it has no runs")
    if len(by_id) < len(datasets) or len({(r.tracker, r.dataset) for r in runs}) < len(runs):
        raise ValueError("it has a run or a data set twice")
    protocol = Protocol.of(_text(found["protocol"], "its protocol"))
    return Baseline(protocol, tuple(datasets), tuple(runs))


def _dataset(record: Any) -> BaselineDataset:
    _check_names(record, _DATASET, "a data set")
    name = _text(record["id"], "a data set's id")
    lengths = tuple(_count(n, _LONGEST) for n in _list(record["lengths"], f"{name}'s lengths"))
    if not lengths or lengths[0] < 1 or list(lengths) != sorted(set(lengths)):
        raise ValueError(f"the lengths of {quoted(name)} are not ascending")
    sequences = _count(record["sequences"], _LONGEST)
    if not sequences:
        raise ValueError(f"{quoted(name)} has no sequences")
    fingerprint = _text(record["fingerprint"], f"the fingerprint of {quoted(name)}")
    return BaselineDataset(name, fingerprint, sequences, lengths)


def _run(record: Any, datasets: dict[str, BaselineDataset]) -> BaselineRun:
    _check_names(record, _RUN, "a run")
    tracker = _text(record["tracker"], "a run's tracker")
    name = _text(record["dataset"], f"the data set of {quoted(tracker)}")
    if name not in datasets:
        raise ValueError(f"it does not describe the data set {quoted(name)} of {quoted(tracker)}")
    dataset = datasets[name]
    what = f"{quoted(tracker)} on {quoted(name)}"
    frames = dataset.sequences * max(dataset.lengths)
    return BaselineRun(
        tracker=tracker,
        fingerprint=_text(record["fingerprint"], f"the fingerprint of {what}"),
        dataset=name,
        fps=_speed(record["fps"], what),
        processor=_text(record["processor"], f"the processor of {what}"),
        versions=_versions(record["versions"], what),
        failures=_counts(record["failures"], dataset, dataset.sequences, f"failures of {what}"),
        invalid=_counts(record["invalid"], dataset, frames, f"invalid boxes of {what}"),
        scores=_scores(record["scores"], dataset, what),
    )


def _scores(rows: Any, dataset: BaselineDataset, what: str) -> NDArray[np.float64]:
    """Return (N, L) scores."""
    shape = (dataset.sequences, len(dataset.lengths))
    listed = _list(rows, f"the scores of {what}")
    if len(listed) != shape[0] or any(
        not isinstance(r, list) or len(r) != shape[1] for r in listed
    ):
        raise ValueError(f"the scores of {what} are not {shape}")
    for score in (score for row in listed for score in row):
        if not _is_number(score) or not 0 <= score <= 1:
            raise ValueError(f"a score of {what} is {quoted(score)}, no number from 0 to 1")
    return np.array(listed, np.float64).reshape(shape)


def _speed(value: Any, what: str) -> float:
    if value is None:
        return math.nan
    if not _is_number(value) or not 0 <= value < math.inf:
        raise ValueError(f"the speed of {what} is {quoted(value)}, no number of frames/s")
    return float(value)


def _versions(value: Any, what: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise ValueError(f"the versions of {what} are no texts")
    return value


def _counts(value: Any, dataset: BaselineDataset, most: int, what: str) -> tuple[int, ...]:
    counts = tuple(_count(n, most) for n in _list(value, f"the {what}"))
    if len(counts) != len(dataset.lengths):
        raise ValueError(f"the {what} are not one count a length")
    return counts


def _count(value: Any, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError(f"{quoted(value)} is no count up to {most}")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{what} is {quoted(value)}, no text")  # noqa: TRY004 - one kind for all
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{what} are {quoted(value)}, no list")  # noqa: TRY004 - one kind for all
    return value


def _check_names(value: Any, names: tuple[str, ...], what: str) -> None:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is {quoted(value)}, no object")  # noqa: TRY004 - one kind for all
    for name in names:
        if name not in value:
            raise ValueError(f"{what} lacks {quoted(name)}")
    for name in value:
        if name not in names:
            raise ValueError(f"{what} has {quoted(name)}, which is not known here")
