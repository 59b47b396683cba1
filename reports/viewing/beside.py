"""Two directories beside one another: what of both is comparable, and what has changed."""

from __future__ import annotations

import math

from trackbench.printing.text import visible
from trackbench.reports.html.tables import decimal
from trackbench.reports.viewing.pages import Difference
from trackbench.results.directory import Results


def differences(first: Results, second: Results) -> list[Difference]:
    """Return each tracker on each data set that both have, the largest change first.

    Only the same data counts, by its fingerprint, as many sequences of it, and the same protocol.
    """
    if first.protocol is not second.protocol:
        return []
    others = {(run.record.tracker, run.dataset.id): run for run in second.runs}
    found = []
    for run in first.runs:
        other = others.get((run.record.tracker, run.dataset.id))
        if other is None or run.dataset.fingerprint != other.dataset.fingerprint:
            continue
        common = set(run.dataset.lengths) & set(other.dataset.lengths)
        if not common or run.dataset.sequences != other.dataset.sequences:
            continue
        length = max(common)
        one, two = (
            next(cell.mean for cell in each.cells() if cell.length == length)
            for each in (run, other)
        )
        found.append(
            Difference(
                tracker=visible(run.record.tracker),
                dataset=visible(run.dataset.id),
                length=f"{length:,}",
                first=decimal(one, 3),
                second=decimal(two, 3),
                change="" if math.isnan(two - one) else f"{two - one:+z.3f}",
                size=abs(two - one),
            )
        )
    return sorted(found, key=lambda each: math.inf if math.isnan(each.size) else -each.size)
