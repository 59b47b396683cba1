"""The HTML report: one file that opens without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from trackbench.metrics import Metric
from trackbench.metrics.catalogue import every_metric
from trackbench.printing.amounts import counted, frame_rate_number
from trackbench.printing.text import visible
from trackbench.report_contract import ReportOptions
from trackbench.reports.diagnosing import diagnosis_of, suites_of
from trackbench.reports.footer import footer
from trackbench.reports.html import figures, summary
from trackbench.reports.html.attribute_charts import FEWEST, by_attribute
from trackbench.reports.html.bins import bins_of_attributes
from trackbench.reports.html.charted import charted, choices, marked_beyond, said_of
from trackbench.reports.html.charts import Chart
from trackbench.reports.html.curves import curves_of, pooled_datasets
from trackbench.reports.html.diagnosis import DiagnosisSection, diagnosis_section
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
from trackbench.reports.html.tables import HtmlTable, decimal
from trackbench.reports.html.templates import filled
from trackbench.reports.html.tracker_styles import Look, looks_of
from trackbench.reports.labels import dataset_labels
from trackbench.reports.measures import measures
from trackbench.reports.summary_layout import Standing, ranking
from trackbench.reports.tracker_order import MOST_DRAWN, MOST_TRACKERS, in_table_order
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
    few: str | None
    trackers: int
    shown: int
    choices: tuple[int, ...]
    what: str
    scores: HtmlTable
    over_time: tuple[Drawing, ...]
    success: tuple[Drawing, ...]
    by_attribute: tuple[Drawing, ...]
    why: DiagnosisSection | None
    pooled: str
    fewest: int
    strips: tuple[tuple[Look, tuple[Strip, ...]], ...]
    sequences: tuple[HtmlTable, ...]
    speed: Drawing | None
    reliability: HtmlTable
    failures: HtmlTable | None
    metrics: tuple[Metric, ...]
    metric_tables: tuple[HtmlTable, ...]
    notes: tuple[str, ...]
    provenance: tuple[HtmlTable, ...]


@dataclass(frozen=True)
class Served:
    """What a page that is served knows of its directory.

    Attributes:
        state: changes when what is stored does.
        running: runs that are not finished, a line each.
        beside: trackers of this directory and of the one beside it, all; none: there is none.
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
    page, data = _page(results, options, served)
    return filled("page.html.jinja", ("sort.js", "explore.js"), page=page, data=data, served=served)


def _page(results: Results, options: ReportOptions, served: Served | None) -> tuple[Page, Markup]:
    """Return what is on the page, and what its script works on."""
    shown = every_metric(several_starts=results.protocol.several_starts)
    wanted = dict.fromkeys([*(metric.id for metric in shown), *options.metrics])
    iou, *others = measures(results, replace(options, metrics=tuple(wanted)))
    standings = ranking(results, iou)
    # Everything on the page goes through trackers as they stand here, so it has one order.
    results = in_table_order(results, iou)
    bins = bins_of_attributes(results)
    curves = curves_of(results, bins)
    pooled = pooled_datasets(results)
    what, *notes = footer(results, with_published=options.with_published)
    reliability = reliability_of(results)
    few, many = charted(results, MOST_TRACKERS), charted(results, MOST_DRAWN)
    looks = looks_of(results, many.trackers, () if served is None else served.beside)
    looks = marked_beyond(looks, few)
    drawn = [curve for curve in curves if curve.run.record.tracker in many.trackers]
    speed = figures.speed_against_accuracy(many, drawn, looks, pooled)
    own_looks = {tracker: looks[tracker] for tracker in looks if tracker in few.trackers}
    strips = strips_of(few, drawn, own_looks, options.frames, options.strips)
    labels = dataset_labels(results.datasets)
    data = explorer_data(results, curves, looks, options.frames, served=served is not None)
    page = Page(
        facts=tuple(_facts(results)),
        tiles=tuple(_tiles(many, looks, standings, reliability)),
        few=said_of(results, few),
        trackers=len(results.trackers),
        shown=len(few.trackers),
        choices=choices(many),
        what=what,
        scores=summary.scores(results, iou, standings, options, looks),
        over_time=_drawn(figures.over_time(many, drawn, looks)),
        success=_drawn(figures.success(many, drawn, looks)),
        by_attribute=_drawn(by_attribute(many, drawn, looks, bins, pooled)),
        why=_why(results, looks, options),
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


def _why(
    results: Results, looks: Mapping[str, Look], options: ReportOptions
) -> DiagnosisSection | None:
    """Return why they fail, where twins of a base were tracked; None: none were."""
    suites = [each for each in suites_of(results) if each.base in results.datasets]
    found = diagnosis_of(results, suites, results.trackers) if suites else None
    if found is None or not found.tests:
        return None
    return diagnosis_section(found, results, looks, options.frames)


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
    """Return a tile for each tracker of these results, best first."""
    described = {run.record.tracker: run.record.description for run in results.runs}
    return [
        Tile(
            looks[standing.tracker],
            visible(described[standing.tracker]),
            decimal(standing.mean),
            speed=frame_rate_number(reliability[standing.tracker].fps),
            failed=f"{reliability[standing.tracker].failed:,}",
        )
        for standing in standings
        if standing.tracker in described
    ]
