"""The HTML report: one file that opens without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from trackbench.metrics import Metric
from trackbench.metrics.catalogue import every_metric
from trackbench.printing.amounts import counted, frame_rate
from trackbench.printing.text import visible
from trackbench.report_contract import ReportOptions
from trackbench.reports.footer import footer
from trackbench.reports.html import figures, summary
from trackbench.reports.html.attribute_charts import FEWEST, by_attribute
from trackbench.reports.html.bins import bins_of_attributes
from trackbench.reports.html.charts import Chart
from trackbench.reports.html.curves import curves_of, pooled_datasets
from trackbench.reports.html.explorer import explorer_data
from trackbench.reports.html.provenance import provenance
from trackbench.reports.html.reliability import (
    Reliability,
    failures_table,
    reliability_of,
    reliability_table,
)
from trackbench.reports.html.sequences import sequence_tables
from trackbench.reports.html.strips import Strip, strips_of
from trackbench.reports.html.svg_layout import Drawing, drawing
from trackbench.reports.html.tables import Table, decimal
from trackbench.reports.html.template_files import environment, read, source_hash
from trackbench.reports.html.tracker_styles import Look, looks_of
from trackbench.reports.labels import dataset_labels
from trackbench.reports.measures import measures
from trackbench.reports.summary_layout import Standing, ranking
from trackbench.results.directory import Results


@dataclass(frozen=True)
class Tile:
    """One tracker at a glance.

    Attributes:
        look: of the tracker.
        description: what it is.
        mean: over all columns of the table of scores.
        speed: frames/s.
        failed: sequences.
    """

    look: Look
    description: str
    mean: str
    speed: str
    failed: str


@dataclass(frozen=True)
class Page:
    """All that is on the page; every text is escaped by the template."""

    facts: tuple[str, ...]
    tiles: tuple[Tile, ...]
    what: str
    scores: Table
    over_time: tuple[Drawing, ...]
    success: tuple[Drawing, ...]
    by_attribute: tuple[Drawing, ...]
    pooled: str
    fewest: int
    strips: tuple[tuple[Look, tuple[Strip, ...]], ...]
    sequences: tuple[Table, ...]
    speed: Drawing | None
    reliability: Table
    failures: Table | None
    metrics: tuple[Metric, ...]
    metric_tables: tuple[Table, ...]
    notes: tuple[str, ...]
    provenance: tuple[Table, ...]


@dataclass(frozen=True)
class Served:
    """What a page that is served knows of its directory.

    Attributes:
        state: changes when what is stored does.
        running: runs that are not finished, a line each.
        beside: trackers of the page beside this one.
    """

    state: str
    running: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def render(results: Results, options: ReportOptions) -> str:
    """Return the page.

    Every one of :func:`every_metric` is on it, and the ``metrics`` of the options beside them.
    There is one layout, so the option ``layout`` changes nothing.

    Raises:
        DamagedFileError: a stored file is missing or damaged.
    """
    return render_page(results, options, None)


def render_page(results: Results, options: ReportOptions, served: Served | None) -> str:
    """Return the page as a file, or as it is served while a run goes on.

    Raises:
        DamagedFileError: a stored file is missing or damaged.
    """
    css = read("style.css")
    script = "\n".join(read(name) for name in ("sort.js", "explore.js"))
    page, data = _page(results, options, served)
    text = (
        environment()
        .get_template("page.html.jinja")
        .render(
            page=page,
            data=data,
            served=served,
            css=Markup(css),  # noqa: S704 - ours, a file beside the template
            script=Markup(script),  # noqa: S704 - ours
            css_hash=source_hash(css),
            script_hash=source_hash(script),
        )
    )
    # a name from a damaged record may hold what no encoding has
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _page(results: Results, options: ReportOptions, served: Served | None) -> tuple[Page, Markup]:
    """Return what is on the page, and what its script works on."""
    looks = looks_of(results, () if served is None else served.beside)
    bins = bins_of_attributes(results)
    curves = curves_of(results, bins)
    pooled = pooled_datasets(results)
    what, *notes = footer(results, with_published=options.with_published)
    shown = every_metric(several_starts=results.protocol.several_starts)
    wanted = dict.fromkeys([*(metric.id for metric in shown), *options.metrics])
    iou, *others = measures(results, replace(options, metrics=tuple(wanted)))
    standings = ranking(results, iou)
    reliability = reliability_of(results)
    speed = figures.speed_against_accuracy(results, curves, looks, pooled)
    strips = strips_of(results, curves, looks, options.frames, options.strips)
    labels = dataset_labels(results.datasets)
    data = explorer_data(results, curves, looks, options.frames, served=served is not None)
    page = Page(
        facts=tuple(_facts(results)),
        tiles=tuple(_tiles(results, looks, standings, reliability)),
        what=what,
        scores=summary.scores(results, iou, standings, options, looks),
        over_time=_drawn(figures.over_time(results, curves, looks)),
        success=_drawn(figures.success(results, curves, looks)),
        by_attribute=_drawn(by_attribute(results, curves, looks, bins, pooled)),
        pooled=(
            "all data sets"
            if len(pooled) == len(labels)
            else ", ".join(labels[name] for name in pooled)
        ),
        fewest=FEWEST,
        strips=tuple((look, tuple(own)) for look, own in groupby(strips, lambda s: s.look)),
        sequences=tuple(sequence_tables(results, curves, looks, every=options.per_sequence)),
        speed=None if speed is None else drawing(speed),
        reliability=reliability_table(reliability, looks),
        failures=failures_table(results, looks),
        metrics=tuple(measure.metric for measure in others if measure.metric is not None),
        metric_tables=tuple(summary.metric_tables(results, others, looks)),
        notes=(*notes, *(f"No number: {why}." for each in others for why in each.refusals)),
        provenance=tuple(provenance(results, looks)),
    )
    return page, data


def _drawn(charts: list[Chart]) -> tuple[Drawing, ...]:
    return tuple(drawing(chart) for chart in charts)


def _facts(results: Results) -> list[str]:
    """Return how much was run, each in a few words."""
    records = results.datasets.values()
    frames = sum(run.record.extent.total * len(run.repeats) for run in results.runs)
    return [
        counted(len(results.trackers), "tracker"),
        counted(len(records), "data set"),
        counted(sum(record.sequences for record in records), "sequence"),
        f"{counted(frames, 'frame')} tracked",
        f"protocol {results.protocol.value}",
    ]


def _tiles(
    results: Results,
    looks: Mapping[str, Look],
    standings: Sequence[Standing],
    reliability: Mapping[str, Reliability],
) -> list[Tile]:
    """Return a tile for each tracker, best first."""
    described = {run.record.tracker: run.record.description for run in results.runs}
    return [
        Tile(
            looks[standing.tracker],
            visible(described[standing.tracker]),
            decimal(standing.mean),
            speed=frame_rate(reliability[standing.tracker].fps),
            failed=f"{reliability[standing.tracker].failed:,}",
        )
        for standing in standings
    ]
