"""In which order trackers stand, and in which order they have colours, wherever they are shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from trackbench.report_contract import ReportOptions
from trackbench.reports.measures import Measure, measures
from trackbench.reports.summary_layout import ranking
from trackbench.results.directory import Results

MOST_TRACKERS = 12
"""That can be told apart in a chart."""
MOST_DRAWN = 24
"""That a reader can have drawn in a page's charts, who has asked for more."""


def in_table_order(results: Results, iou: Measure | None = None) -> Results:
    """Return the results with trackers as they stand in the table of scores: the best first.

    Args:
        results: of all trackers of the table.
        iou: mean IoU of them; None: it is computed.
    """
    if iou is None:
        (iou,) = measures(results, ReportOptions())
    return results.in_order_of([standing.tracker for standing in ranking(results, iou)])


def colour_order(trackers: Iterable[str], first: Collection[str] = ()) -> list[str]:
    """Return trackers in the order in which they have colours: that of their names.

    So that a tracker keeps its colour when another one gets better.

    Args:
        trackers: ids, in any order.
        first: those that come before the others: there are not so many colours as trackers.
    """
    return sorted({*trackers, *first}, key=lambda name: (name not in first, name))


def colours_in(results: Results) -> list[str]:
    """Return the trackers of results in the order in which all their pictures colour them."""
    ids = results.trackers
    if len(ids) <= MOST_DRAWN:
        return colour_order(ids)
    return colour_order(ids, in_table_order(results).trackers[:MOST_DRAWN])
