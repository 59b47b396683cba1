"""Which trackers have tiles, charts and film strips: of very many, those with the highest means."""

from __future__ import annotations

from collections.abc import Sequence

from trackbench.printing.amounts import counted
from trackbench.reports.summary_layout import Standing
from trackbench.results.directory import Results

MOST_TRACKERS = 12
"""That can be told apart in a chart."""


def charted(results: Results, standings: Sequence[Standing]) -> Results:
    """Return the results of the first trackers of a ranking; all, where there are not too many."""
    if len(results.trackers) <= MOST_TRACKERS:
        return results
    first = [standing.tracker for standing in standings[:MOST_TRACKERS]]
    return results.only(first, list(results.datasets))


def said_of(results: Results, few: Results) -> str | None:
    """Return in a sentence that some trackers are in tables alone; None: none is."""
    if len(few.trackers) == len(results.trackers):
        return None
    best = counted(len(few.trackers), "tracker")
    return (
        f"Tiles, charts, film strips and legends are of the {best} with the highest means; "
        f"tables have all {len(results.trackers):,}."
    )
