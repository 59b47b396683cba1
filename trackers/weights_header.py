"""What the header of a weights file says: the network's sizes, and where the weights come from.

No torch here.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from trackbench.printing.text import quoted
from trackbench.results.json_checks import count, members, text
from trackbench.trackers.networks.spec import Architecture, NetworkSpec

_LARGEST = 10_000
"""Of any size of a network; of videos of this size nobody trains one."""


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
    names = tuple(asdict(NetworkSpec()))
    members(found, names, "the network")
    sizes = {name: count(found[name], _LARGEST) for name in names if name != "architecture"}
    return NetworkSpec(architecture=Architecture(text(found["architecture"], "its kind")), **sizes)


def provenance_from(found: Any) -> Provenance:
    """The provenance whose ``asdict``, through JSON, is ``found``; older ones have fewer fields.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(found, dict):
        raise ValueError("where the weights come from is no object")  # noqa: TRY004 - one kind
    members({**asdict(Provenance()), **found}, [f.name for f in fields(Provenance)], "its origin")
    made = Provenance(**found)
    for name in ("recipe", "start", "precision"):
        text(getattr(made, name), f"its {name}")
    for number in (made.steps, made.seed):
        count(number, 2**128)
    _check_all(made.data, (str,), "data")
    _check_all(made.validation, (int, float), "validation")
    _check_all({"score": made.score}, (int, float), "score")
    return made


def _check_all(found: Any, kinds: tuple[type, ...], what: str) -> None:
    if not isinstance(found, dict) or not all(
        isinstance(value, kinds) and not isinstance(value, bool) and value not in _INFINITE
        for value in found.values()
    ):
        raise ValueError(f"its {what} is {quoted(found)}, not what was written")


_INFINITE = {math.inf, -math.inf}
