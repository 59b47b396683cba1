"""How far a training run is, and its JSON, which is held to that when it is read."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import Any

from trackbench.printing.text import quoted
from trackbench.results.bounded import parse_json
from trackbench.results.json_checks import count_of, items, members, number, text
from trackbench.trackers.training.log import Row
from trackbench.trackers.training.validation import Cell, Validation

_MOST = 10**12
"""Of batches, videos, frames and seconds."""


@dataclass
class Progress:
    """How far a run is.

    Attributes:
        step: batches done.
        videos: videos trained on.
        seconds: time spent training, over all resumptions.
        best: the best validation score, and ``best_step`` the step it was reached at.
        since_best: validations since then.
        history: the log.
        recent: (loss, gradient norm) of each batch between the last row of the log and the last
            checkpoint.
    """

    step: int = 0
    videos: int = 0
    seconds: float = 0.0
    best: float = float("-inf")
    best_step: int = 0
    since_best: int = 0
    history: list[Row] = field(default_factory=list)
    recent: list[list[float]] = field(default_factory=list)


def progress_from(stored: Any, *, since_schema_2: bool) -> Progress:
    """Return the progress whose ``asdict`` is ``stored`` as JSON.

    Raises:
        DamagedFileError: it is no JSON.
        ValueError: it is that of something else; the message is the reason.
    """
    found = parse_json(text(stored, "its progress"), "its progress is no JSON")
    if not since_schema_2 and isinstance(found, dict):
        found.setdefault("recent", [])
    members(found, _names(Progress), "its progress")
    best = found["best"]
    return Progress(
        step=count_of(found, "step", _MOST),
        videos=count_of(found, "videos", _MOST),
        seconds=_number(found, "seconds"),
        best=best if best == -math.inf else number(best, 1.0, "its best"),
        best_step=count_of(found, "best_step", _MOST),
        since_best=count_of(found, "since_best", _MOST),
        history=[_row(row) for row in items(found["history"], "the rows of its log")],
        recent=[_pair(pair) for pair in items(found["recent"], "its recent batches")],
    )


def _row(found: Any) -> Row:
    members(found, _names(Row), "a row of its log")
    return Row(
        step=count_of(found, "step", _MOST),
        seconds=_number(found, "seconds"),
        videos=count_of(found, "videos", _MOST),
        frames=count_of(found, "frames", _MOST),
        loss=_number(found, "loss"),
        gradient_norm=_number(found, "gradient_norm"),
        learning_rate=_number(found, "learning_rate"),
        validation=_validation(found["validation"]),
    )


def _validation(found: Any) -> Validation | None:
    if found is None:
        return None
    members(found, ["cells"], "a validation")
    cells = items(found["cells"], "the cells of a validation")
    if not cells:
        raise ValueError("a validation has no cells")
    return Validation(tuple(map(_cell, cells)))


def _cell(found: Any) -> Cell:
    members(found, _names(Cell), "a cell of a validation")
    return Cell(
        dataset=text(found["dataset"], "a cell's data set"),
        length=count_of(found, "length", _MOST),
        iou=number(found["iou"], 1.0, "a cell's IoU"),
    )


def _pair(found: Any) -> list[float]:
    values = items(found, "loss and gradient norm")
    if len(values) != 2:
        raise ValueError(f"a batch has {len(values)} numbers, not loss and gradient norm")
    return [number(value, math.inf, "a batch's loss or gradient norm") for value in values]


def _number(found: dict[str, Any], name: str) -> float:
    return number(found[name], math.inf, f"its {quoted(name)}")


def _names(kind: type[Progress | Row | Cell]) -> list[str]:
    return [field.name for field in fields(kind)]
