"""What the header of a weights file says: the network's sizes, and where the weights come from.

No torch here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from trackbench.printing.text import quoted
from trackbench.results.json_codec import decoded
from trackbench.trackers.networks.spec import NetworkSpec

_MOST = 2**128
"""Batches, or a seed."""


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where weights come from.

    Attributes:
        recipe: its name.
        steps: batches trained.
        seed: of the initial weights and the order of the data.
        data: training set id -> fingerprint (SHA-256, or "" where it was not computed).
        score: mean validation IoU, NaN if none was measured.
        validation: "data set length" -> mean IoU.
        start: SHA-256 of the weights it began with, "" for random ones.
        precision: of the factors of the big products.
    """

    recipe: str = ""
    steps: int = 0
    seed: int = 0
    data: dict[str, str] = field(default_factory=dict)
    score: float = float("nan")
    validation: dict[str, float] = field(default_factory=dict)
    start: str = ""
    precision: str = ""


def network_spec(found: Any) -> NetworkSpec:
    """The spec whose ``asdict``, through JSON, is ``found``.

    Raises:
        ValueError: it is none.
        TrackbenchError: its sizes make no sense.
    """
    return decoded(NetworkSpec, found, whole=True)


def provenance_from(found: Any) -> Provenance:
    """The provenance whose ``asdict``, through JSON, is ``found``; older ones have fewer fields.

    Raises:
        ValueError: it is none.
    """
    made = decoded(Provenance, found)
    for name, number in (("steps", made.steps), ("seed", made.seed)):
        if not 0 <= number <= _MOST:
            raise ValueError(f"its {name} is {quoted(number)}, not what was written")
    for score in (made.score, *made.validation.values()):
        if math.isinf(score):
            raise ValueError(f"a score is {score}, not what was written")
    return made
