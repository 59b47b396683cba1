"""Pages beside the report itself: while there is nothing yet, and of two directories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trackbench.printing.text import visible
from trackbench.reports.html.templates import filled


@dataclass(frozen=True)
class Difference:
    """A tracker on a data set in two directories.

    Attributes:
        tracker, dataset, length: which.
        first, second, change: mean IoU, and the second minus the first, as texts.
        size: of the change; NaN where one lacks it.
    """

    tracker: str
    dataset: str
    length: str
    first: str
    second: str
    change: str
    size: float


def waiting_page(why: str, state: str) -> str:
    """Return a page that says why there is no report yet, and becomes it when there is one."""
    return filled("waiting.html.jinja", ("follow.js",), why=visible(why), state=state)


def beside_page(names: Sequence[str], differences: Sequence[Difference], state: str) -> str:
    """Return a page with what two directories have in common, and both reports beside it."""
    return filled(
        "beside.html.jinja",
        ("follow.js",),
        names=[visible(name) for name in names],
        differences=differences,
        state=state,
    )
