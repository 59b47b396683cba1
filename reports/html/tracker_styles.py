"""How a tracker looks in every chart: never by its colour alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from trackbench.printing.text import visible
from trackbench.reports.labels import tracker_label
from trackbench.reports.tracker_order import colour_order, colours_in
from trackbench.results.directory import Results

STYLES = 8
"""Of colours, dashes and markers each, in ``style.css`` and below."""

MARKERS = (
    "M-3.2,0a3.2,3.2 0 1,0 6.4,0a3.2,3.2 0 1,0 -6.4,0z",  # disc
    "M-3,-3h6v6h-6z",  # square
    "M0,-3.8L3.8,3H-3.8z",  # triangle
    "M0,-4.2L4.2,0L0,4.2L-4.2,0z",  # diamond
    "M0,3.8L3.8,-3H-3.8z",  # triangle on its point
    "M-1.2,-4h2.4v2.8h2.8v2.4h-2.8v2.8h-2.4v-2.8h-2.8v-2.4h2.8z",  # plus
    "M0,-4.2L4,-1.2L2.5,3.6H-2.5L-4,-1.2z",  # pentagon
    "M-4,-2h8v4h-8z",  # bar
)
"""Outlines around (0, 0), as SVG paths."""

_LONGEST = len("rectracker-att1-v1")


@dataclass(frozen=True)
class Look:
    """One tracker's.

    Attributes:
        tracker: its id.
        name: the id, fit to be printed, marked where it sees the future.
        label: the id, for inside a chart: cut where it is very long.
        colour, dash: which of :data:`STYLES`.
        marker: an SVG path around (0, 0).
        beyond: a page shows it in tiles and charts only where a reader asks for more.
    """

    tracker: str
    name: str
    label: str
    colour: int
    dash: int
    marker: str
    beyond: bool = False


def looks_of(
    results: Results, first: Sequence[str] = (), beside: Collection[str] = ()
) -> dict[str, Look]:
    """Return tracker id -> its look, in the order of ``results``; what it looks like goes by names.

    Args:
        results: whose trackers.
        first: those that come before the others: there are no more than 64 looks. None are
            given: as :func:`~trackbench.reports.tracker_order.colours_in` has them.
        beside: trackers of two pages that stand beside one another, the same for both; none: one
            stands alone.
    """
    ids = dict.fromkeys([*first, *results.trackers])
    if beside:
        order = colour_order([*ids, *beside])
    else:
        order = colour_order(ids, first) if first else colours_in(results)
    return {
        tracker: _look(order.index(tracker), tracker, tracker_label(results, tracker))
        for tracker in ids
    }


def _look(number: int, tracker: str, name: str) -> Look:
    """The ninth tracker has the first one's colour, with another dash and marker, and so on."""
    turn, colour = divmod(number, STYLES)
    shown = visible(tracker)
    return Look(
        tracker=tracker,
        name=name,
        label=shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…",
        colour=colour,
        dash=(colour + turn) % STYLES,
        marker=MARKERS[(colour + turn) % STYLES],
    )
