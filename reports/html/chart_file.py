"""The page's charts as one SVG file: for a paper, a slide or a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from markupsafe import Markup

from trackbench.errors import TrackbenchError
from trackbench.printing.text import visible
from trackbench.report_contract import ChartKind, ReportOptions
from trackbench.reports.html import figures
from trackbench.reports.html.attribute_charts import by_attribute
from trackbench.reports.html.bins import bins_of_attributes
from trackbench.reports.html.charts import Chart
from trackbench.reports.html.curves import curves_of, pooled_datasets
from trackbench.reports.html.svg_layout import HEIGHT, WIDTH, Drawing, drawing
from trackbench.reports.html.tables import decimal
from trackbench.reports.html.template_files import environment, read
from trackbench.reports.html.tracker_styles import Look, looks_of
from trackbench.reports.labels import dataset_labels, in_order
from trackbench.reports.measures import measures
from trackbench.reports.tracker_order import in_table_order
from trackbench.results.directory import Results

_COLUMNS = 2
_GAP = 24.0
_TITLE = 20.0
_LEGEND_LINE = 20.0
_SWATCH = 44.0
"""Width of a line and a marker in the legend, with what is free beside them."""
_CHARACTER = 7.0


@dataclass(frozen=True)
class Placed:
    """A chart, and where its upper left corner is."""

    drawing: Drawing
    x: float
    y: float


@dataclass(frozen=True)
class Named:
    """A tracker in the legend, and where it stands."""

    look: Look
    x: float
    y: float


def render(results: Results, options: ReportOptions) -> str:
    """Return the charts that ``options`` ask for, two beside one another, under a legend.

    Metrics that are asked for stand under them, in words.

    Raises:
        TrackbenchError: there is none of a kind that is asked for.
        DamagedFileError: a stored file is missing or damaged.
    """
    results = in_table_order(results)
    looks = looks_of(results)
    charts = list(_charts(results, options.charts, looks))
    columns = min(_COLUMNS, len(charts))
    width = columns * (WIDTH + _GAP) - _GAP
    named = list(_legend(list(looks.values()), width))
    top = named[-1].y + _LEGEND_LINE
    placed = [
        Placed(drawing(chart), column * (WIDTH + _GAP), top + row * (_TITLE + HEIGHT + _GAP))
        for number, chart in enumerate(charts)
        for row, column in (divmod(number, columns),)
    ]
    below = placed[-1].y + _TITLE + HEIGHT + _GAP
    lines = list(_metric_lines(results, options, int(width / _CHARACTER)))
    text = (
        environment()
        .get_template("charts.svg.jinja")
        .render(
            placed=placed,
            named=named,
            width=width,
            height=below + len(lines) * _LEGEND_LINE,
            title=_TITLE,
            lines=[(below + number * _LEGEND_LINE, line) for number, line in enumerate(lines)],
            css=Markup(read("charts.css")),  # noqa: S704 - ours, a file beside the template
        )
    )
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _charts(
    results: Results, asked: Sequence[ChartKind], looks: dict[str, Look]
) -> Iterator[Chart]:
    bins = bins_of_attributes(results)
    curves = curves_of(results, bins)
    pooled = pooled_datasets(results)
    for kind in asked or ChartKind:
        match kind:
            case ChartKind.TIME:
                found = figures.over_time(results, curves, looks)
            case ChartKind.SUCCESS:
                found = figures.success(results, curves, looks)
            case ChartKind.ATTRIBUTES:
                found = by_attribute(results, curves, looks, bins, pooled)
            case ChartKind.SPEED:
                speed = figures.speed_against_accuracy(results, curves, looks, pooled)
                found = [] if speed is None else [speed]
        if asked and not found:
            raise TrackbenchError(f"no chart {kind.value}: {_WHY[kind]}")
        yield from found


def _metric_lines(results: Results, options: ReportOptions, wide: int) -> Iterator[str]:
    """Yield each metric that is asked for, in words: at the longest length of each data set."""
    labels = dataset_labels(results.datasets)
    for measure in measures(results, options)[1:]:
        for record in in_order(results):
            found = [
                f"{tracker} {decimal(number.mean)}"
                for tracker in results.trackers
                if (number := measure.numbers.get((tracker, record.id, record.lengths[-1])))
            ]
            said = f"{measure.id}, {labels[record.id]}: {', '.join(found)}"
            yield from wrap(visible(said), wide)


_WHY = {
    ChartKind.TIME: "there are no data sets",
    ChartKind.SUCCESS: "there are no data sets",
    ChartKind.ATTRIBUTES: "the data sets say nothing of their frames, or there are too few frames",
    ChartKind.SPEED: "no tracker was timed",
}


def _legend(looks: Sequence[Look], width: float) -> Iterator[Named]:
    x, y = 0.0, 12.0
    for look in looks:
        wide = _SWATCH + _CHARACTER * len(look.name)
        if x and x + wide > width:
            x, y = 0.0, y + _LEGEND_LINE
        yield Named(look, x, y)
        x += wide
