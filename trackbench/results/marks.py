"""What tables say of a tracker whose numbers are of another kind than others'."""

from __future__ import annotations

from collections.abc import Iterable

from trackbench.results.compared import Compared
from trackbench.results.run import Run

SEES_FUTURE = "sees the future"
"""It was handed whole videos."""

IMPORTED = "imported"
"""It was not run here."""


def marks_of(runs: Iterable[Run]) -> tuple[str, ...]:
    """Return what holds of some of a tracker's runs, in words, and what their IoU is of.

    That is nothing for one that was run here, frame by frame, and is compared by boxes.
    """
    known = list(runs)
    records = [run.record for run in known]
    compared = Compared.of_all(run.compared for run in known)
    return (
        *([IMPORTED] if any(record.imported is not None for record in records) else ()),
        *([SEES_FUTURE] if any(record.sees_future for record in records) else ()),
        *([compared.value] if compared is not Compared.BOXES else ()),
    )
