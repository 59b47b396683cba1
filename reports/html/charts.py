"""Charts before anything is known of a drawing: axes, lines, words and numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from trackbench.reports.html.bins import number
from trackbench.reports.html.tables import HtmlTable
from trackbench.reports.html.tracker_styles import Look

MOST_NOTES = 6
"""Names in a column that a second line each has room for."""


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes:
        label: what and in which unit.
        low, high: its ends.
        ticks: a value and its text; none: round numbers.
        log: logarithmic.
    """

    label: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    log: bool = False

    @property
    def marks(self) -> tuple[tuple[float, str], ...]:
        """The ticks."""
        return self.ticks or tuple((v, number(v)) for v in round_numbers(self.low, self.high))

    def share(self, value: float) -> float:
        """Return how far along the axis a value is, in [0, 1]."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Series:
    """One tracker's line.

    Attributes:
        look: of the tracker.
        points: (x, y); where y is NaN, there is none.
        band: half the height of the band around each point; empty: no band.
        marked: how many points from one marker to the next; 1: all have one.
        note: a number that sums the line up, shown under its name where ``keyed``.
    """

    look: Look
    points: tuple[tuple[float, float], ...]
    band: tuple[float, ...] = ()
    marked: int = 1
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """One chart, its words and its numbers.

    Attributes:
        id: unique in the page.
        title: one line.
        summary: what is to be seen, in words, for those who do not see it.
        x, y: the axes.
        series: a line for each tracker; a single point is a dot.
        table: the same numbers.
        counts: how many frames are in each unit of x, shown under it; empty: x has no bins.
        findings: sentences under the chart.
        keyed: names stand in a column from the top and not beside the lines' ends, which meet.
        dataset, attribute: the only one that it is of, as the page names it; empty: of several.
    """

    id: str
    title: str
    summary: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    table: HtmlTable
    counts: tuple[int, ...] = ()
    findings: tuple[str, ...] = ()
    keyed: bool = False
    dataset: str = ""
    attribute: str = ""


def round_numbers(low: float, high: float, most: int = 6) -> list[float]:
    """Return round numbers from ``low`` to ``high``, at most so many."""
    span = high - low
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * factor for factor in (1, 2, 5, 10, 20) if span / (power * factor) < most)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


def round_top(value: float) -> float:
    """Return the least of some round numbers up to 1 that is not below a share."""
    return next((top for top in (0.05, 0.1, 0.2, 0.4, 0.6, 0.8) if top >= value), 1.0)


def decades(low: float, high: float) -> Axis:
    """Return an axis without a label that holds two positive numbers, on a logarithmic scale."""
    steps = [digit * 10.0**power for power in range(-9, 12) for digit in (1, 2, 5)]
    first = max((s for s in steps if s < low * 0.95), default=low / 2)
    last = min((s for s in steps if s > high * 1.05), default=high * 2)
    marks = [s for s in steps if first <= s <= last]
    if len(marks) > 6:
        tens = [s for s in marks if round(math.log10(s), 6).is_integer()]
        marks = tens if len(tens) > 1 else marks[:: math.ceil(len(marks) / 6)]
    return Axis("", first, last, tuple((s, short(s)) for s in marks), log=True)


def short(value: float) -> str:
    """Return a number in at most five letters or so: 0.5, 640, 5.3k, 53k, 1.2M."""
    for unit, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= unit * 0.9995:
            return f"{value / unit:.{2 if value < 9.95 * unit else 3}g}{letter}"
    return f"{value:.3g}"
