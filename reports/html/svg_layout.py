"""Charts as geometry: what is where in a drawing, for ``template/chart.svg.jinja`` to draw."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from trackbench.reports.html.charts import Axis, Chart, Series, short
from trackbench.reports.html.label_placement import (
    CHARACTER,
    GAP,
    LEFT,
    LINE_HEIGHT,
    TOP,
    Label,
    beside_dots,
    beside_ends,
    in_a_column,
)
from trackbench.reports.html.tracker_styles import Look

WIDTH, HEIGHT = 430.0, 270.0
BOTTOM = 46.0
_DIGIT = 6.5
"""Width of a digit under a plot, about."""
_MARGIN = 8.0
"""Right of a plot without names beside it."""
_KEY = 8.0
"""Width of the marker before a name in a column."""
_MOST_LABELS = 10
"""More lines are named in the legend alone."""


@dataclass(frozen=True)
class Drawn:
    """One series in the drawing: SVG paths, places of markers, the name."""

    look: Look
    line: str
    band: str
    markers: tuple[tuple[float, float], ...]
    label: Label | None


@dataclass(frozen=True)
class Drawing:
    """A chart in the drawing's coordinates, y downwards."""

    chart: Chart
    right: float
    bottom: float
    x_marks: tuple[tuple[float, str], ...]
    y_marks: tuple[tuple[float, str], ...]
    counts: tuple[tuple[float, str], ...]
    series: tuple[Drawn, ...]
    width: float = field(default=WIDTH)
    height: float = field(default=HEIGHT)
    left: float = field(default=LEFT)
    top: float = field(default=TOP)


def drawing(chart: Chart) -> Drawing:
    """Return where everything of a chart goes; names stand right of where their lines end."""
    named = _named(chart)
    place = _place(chart, named)
    labels = _labels(chart, named, place)
    return Drawing(
        chart=chart,
        right=place.right,
        bottom=place.bottom,
        x_marks=tuple(_apart((place.x(value), text) for value, text in chart.x.marks)),
        y_marks=tuple((place.y(value), text) for value, text in chart.y.marks),
        counts=tuple((place.x(at + 0.5), short(n)) for at, n in enumerate(chart.counts)),
        series=tuple(_drawn(s, place, labels.get(s.look.tracker)) for s in chart.series),
    )


def _named(chart: Chart) -> list[Series]:
    """Return the lines that have a name beside them."""
    if len(chart.series) > _MOST_LABELS:
        return []
    return [series for series in chart.series if _drawable(series)]


def _place(chart: Chart, named: list[Series]) -> _Place:
    """Return where the plot is: the names right of it and the counts under it need room."""
    room = 0.0 if _shows_dots(chart) else _width(named)
    last = chart.x.marks[-1][1] if chart.x.marks else ""
    beside = room + GAP + _KEY * chart.keyed if room else max(_MARGIN, len(last) * CHARACTER / 2)
    under = BOTTOM + LINE_HEIGHT * bool(chart.counts)
    return _Place(chart.x, chart.y, WIDTH - beside, HEIGHT - under)


def _width(named: list[Series]) -> float:
    """Return the width of the longest name or note."""
    texts = [text for series in named for text in (series.look.label, series.note)]
    return max(map(len, texts), default=0) * CHARACTER


def _shows_dots(chart: Chart) -> bool:
    """Whether the chart has dots, which are named where they are, and no lines."""
    return all(len(series.points) == 1 for series in chart.series)


def _labels(chart: Chart, named: list[Series], place: _Place) -> dict[str, Label]:
    """Return where the names stand, by tracker."""
    if chart.keyed:
        return in_a_column(named, place.right)
    ends = {series.look.tracker: place.at(*_drawable(series)[-1]) for series in named}
    names = {series.look.tracker: series.look.label for series in named}
    if _shows_dots(chart):
        return beside_dots(ends, names, place.right)
    return beside_ends(ends, names, place.right, place.bottom)


def _apart(marks: Iterable[tuple[float, str]]) -> Iterator[tuple[float, str]]:
    """Yield marks under a plot, without the texts that would lie over the one before."""
    free = -math.inf
    for x, text in marks:
        half = len(text) * _DIGIT / 2
        shown = x - half >= free
        yield x, text if shown else ""
        free = x + half if shown else free


@dataclass(frozen=True)
class _Place:
    """From values to the drawing."""

    across: Axis
    up: Axis
    right: float
    bottom: float

    def x(self, value: float) -> float:
        return round(LEFT + (self.right - LEFT) * self.across.share(value), 1)

    def y(self, value: float) -> float:
        return round(self.bottom - (self.bottom - TOP) * self.up.share(value), 1)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.x(x), self.y(y)


def _drawable(series: Series) -> list[tuple[float, float]]:
    return [(x, y) for x, y in series.points if not math.isnan(y)]


def _drawn(series: Series, place: _Place, label: Label | None) -> Drawn:
    places = [place.at(x, y) for x, y in _drawable(series)]
    offset = series.marked // 2 if series.marked > 1 else 0
    return Drawn(
        look=series.look,
        line=_path(places) if len(places) > 1 else "",
        band=_band(series, place),
        markers=tuple(places[offset :: series.marked]),
        label=label,
    )


def _band(series: Series, place: _Place) -> str:
    around = [
        (x, y, half)
        for (x, y), half in zip(series.points, series.band, strict=bool(series.band))
        if not math.isnan(y + half)
    ]
    if len(around) < 2:
        return ""
    high = [place.at(x, min(y + half, place.up.high)) for x, y, half in around]
    low = [place.at(x, max(y - half, place.up.low)) for x, y, half in around]
    return f"{_path([*high, *reversed(low)])}Z"


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in places)
