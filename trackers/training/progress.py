"""How far a training run is, and its JSON, which is held to that when it is read."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Annotated, Any

from msgspec import Meta

from trackbench.printing.text import quoted
from trackbench.results.bounded import parse_json
from trackbench.results.json_codec import Count, NotNegative, decoded
from trackbench.trackers.training.log import Row

_Pair = Annotated[list[NotNegative], Meta(min_length=2, max_length=2)]


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

    step: Count = 0
    videos: Count = 0
    seconds: NotNegative = 0.0
    best: float = float("-inf")
    best_step: Count = 0
    since_best: Count = 0
    history: list[Row] = field(default_factory=list)
    recent: list[_Pair] = field(default_factory=list)


def progress_from(stored: Any, *, since_schema_2: bool) -> Progress:
    """Return the progress whose ``asdict`` is ``stored`` as JSON.

    Raises:
        DamagedFileError: it is no JSON.
        ValueError: it is that of something else; the message is the reason.
    """
    if not isinstance(stored, str):
        raise ValueError(f"its progress is {quoted(stored)}, no text")  # noqa: TRY004 - one kind
    found = parse_json(stored, "its progress is no JSON")
    if not since_schema_2 and isinstance(found, dict):
        found.setdefault("recent", [])
    made = decoded(Progress, found, whole=True)
    if made.best != -math.inf and not 0 <= made.best <= 1:
        raise ValueError(f"best is {made.best}, no score from 0 to 1")
    return made
