"""A report before anything is known of its format: the tables, and the notes under them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from trackbench.metrics import Metric
from trackbench.printing.text import visible
from trackbench.report_contract import Layout, ReportOptions
from trackbench.reports.footer import footer
from trackbench.reports.labels import dataset_labels
from trackbench.reports.measures import Measure, measures
from trackbench.reports.paper_layout import paper_tables
from trackbench.reports.sequence_layout import sequence_tables
from trackbench.reports.summary_layout import ranking, summary_tables
from trackbench.reports.tables import Table
from trackbench.reports.tracker_order import in_table_order
from trackbench.results.directory import Results
from trackbench.statistics.bootstrap import RESAMPLES


@dataclass(frozen=True)
class Arrangement:
    """What a report for people shows.

    Attributes:
        tables: mean IoU first, then each metric in the same layout; then, if asked for, each
            sequence.
        notes: a line each; the first says what the numbers are.
    """

    tables: tuple[Table, ...]
    notes: tuple[str, ...]


def arrange(results: Results, options: ReportOptions) -> Arrangement:
    """Return the tables in the layout asked for, and what a reader needs to judge them.

    Raises:
        TrackbenchError: a metric is unknown, a stored file missing or damaged.
    """
    found = measures(results, options)
    # Below the tables as in them: printed ones have the trackers in an order of their own.
    said = in_table_order(results, found[0]) if options.layout is Layout.SUMMARY else results
    what, *provenance = footer(said, with_published=options.with_published)
    tables = []
    notes = [what]
    for measure in found:
        caption = what
        if measure.metric is not None:
            caption = " ".join(_metric(results, measure.metric, measure))
            notes.append(caption)
        if measure.metric is None or measure.there:
            tables += [
                replace(table, title=_title(measure, table), what=caption)
                for table in _LAYOUTS[options.layout](results, measure, options)
            ]
    if options.per_sequence:
        tables += sequence_tables(results, options)
    notes += map(visible, _reading(results, found, options))
    return Arrangement(tuple(tables), (*notes, *provenance))


_LAYOUTS = {Layout.SUMMARY: summary_tables, Layout.PAPER: paper_tables}


def _title(measure: Measure, table: Table) -> str:
    if measure.metric is None:
        return table.title
    return f"{measure.id}. {table.title}" if table.title else measure.id


def _metric(results: Results, metric: Metric, measure: Measure) -> Iterator[str]:
    """Yield what a metric is, and of how many sequences it has no score."""
    yield f"{metric.id}: {metric.definition}."
    if not measure.there:
        whys = measure.refusals or ("no sequence has a frame that counts for it",)
        yield from (f"No number: {why}." for why in whys)
        return
    yield _averaging(metric)
    labels = dataset_labels(results.datasets)
    uncounted = {
        f"{number.uncounted} of {labels[dataset]} at {length}"
        for (_, dataset, length), number in measure.numbers.items()
        if number.uncounted
    }
    if uncounted:
        yield f"Sequences without a frame that counts are left out: {', '.join(sorted(uncounted))}."

    if spoiled := _spoiled(measure, labels):
        yield f"No number, for a sequence has none: {spoiled}."
    yield from (f"No number: {reason}." for reason in measure.refusals)


def _averaging(metric: Metric) -> str:
    if metric.pooled is not None:
        return "Of all sequences together ± standard deviation over sequences; higher is better."
    if metric.weights is not None:
        return "Mean over frames ± standard deviation over sequences; higher is better."
    return "Mean ± standard deviation over sequences; higher is better."


def _spoiled(measure: Measure, labels: Mapping[str, str]) -> str:
    """Return the cells whose mean is NaN because a sequence's number is, as in the toolkit."""
    if measure.metric is None or not measure.metric.strict or measure.refusals:
        return ""
    spoiled = {
        f"{labels[dataset]} at {length}"
        for (_, dataset, length), number in measure.numbers.items()
        if math.isnan(number.mean)
    }
    return ", ".join(sorted(spoiled))


def _reading(results: Results, found: list[Measure], options: ReportOptions) -> Iterator[str]:
    """Yield how the tables are to be read."""
    if options.intervals:
        yield (
            f"95 % interval: of the mean, BCa bootstrap over sequences, {RESAMPLES:,} resamples."
        )
    if options.layout is Layout.PAPER:
        yield "Bold: the best of ours in a row at the same length, as printed."
        return
    yield "Bold: the best of a column, as printed."
    yield (
        "Rank: by the mean over all columns, each alike; trackers whose means read the same share "
        "one. It says nothing of significance: see trackbench compare."
    )
    shown = [measure for measure in found if measure.metric is None or measure.there]
    unranked = {s.tracker: None for m in shown for s in ranking(results, m) if s.rank is None}
    if unranked:
        yield f"Not ranked, for they lack a column that others have: {', '.join(unranked)}."
