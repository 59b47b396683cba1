"""The page's tables of results: scores, and every metric."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from trackbench.printing.amounts import DASH, counted
from trackbench.report_contract import ReportOptions
from trackbench.reports.cell_values import Entry, with_best
from trackbench.reports.html.tables import Cell, HtmlTable, decimal, named
from trackbench.reports.html.tracker_styles import Look
from trackbench.reports.labels import dataset_labels, in_order, length_label
from trackbench.reports.measures import Measure, Number
from trackbench.reports.published_numbers import published
from trackbench.reports.summary_layout import Standing
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.directory import Results


def scores(
    results: Results,
    measure: Measure,
    standings: Sequence[Standing],
    options: ReportOptions,
    looks: Mapping[str, Look],
) -> HtmlTable:
    """Return a row for each tracker, best first, and a column for each data set and length.

    Args:
        results: the results.
        measure: mean IoU.
        standings: of the trackers by it.
        options: what stands under a mean.
        looks: of every tracker.
    """
    labels = dataset_labels(results.datasets)
    records = in_order(results)
    columns = [(record.id, length) for record in records for length in record.lengths]
    heads = [length_label(record, length) for record in records for length in record.lengths]
    bold = {column: _best(measure, results.trackers, column) for column in columns}
    rows = tuple(
        (
            named(looks[standing.tracker]),
            Cell(
                DASH if standing.rank is None else str(standing.rank),
                value=standing.rank or math.nan,
            ),
            Cell(decimal(standing.mean), value=standing.mean),
            *(
                _score(measure, (standing.tracker, *column), options, best=standing.tracker in best)
                for column, best in bold.items()
            ),
        )
        for standing in standings
    )
    caption = "Mean IoU ± standard deviation over sequences, by data set and number of frames"
    if options.with_published:
        caption += "; printed: the paper's mean, in brackets ours minus it"
    return HtmlTable(
        caption=caption,
        heads=("Tracker", "Rank", "Mean", *heads),
        rows=rows,
        groups=(
            ("Overall", 2),
            *((labels[record.id], len(record.lengths)) for record in records),
        ),
        sortable=True,
        kept=3,
    )


def _best(measure: Measure, trackers: Sequence[str], column: tuple[str, int]) -> set[str]:
    """Return the trackers with the highest mean of a column, as printed."""
    found = [measure.numbers.get((tracker, *column)) for tracker in trackers]
    entries = with_best([Entry(n.mean if n else math.nan) for n in found])
    return {tracker for tracker, entry in zip(trackers, entries, strict=True) if entry.best}


def _score(
    measure: Measure, key: tuple[str, str, int], options: ReportOptions, *, best: bool
) -> Cell:
    number = measure.numbers.get(key)
    if number is None:
        return Cell(DASH, value=math.nan)
    notes = [] if math.isnan(number.std) else [f"± {decimal(number.std)}"]
    if number.uncounted:
        notes.append(counted(number.counted, "sequence"))
    if not math.isnan(number.run_std):
        notes.append(f"± {decimal(number.run_std, 3)} between runs")
    if options.intervals and not math.isnan(number.low):
        notes.append(f"[{decimal(number.low)}, {decimal(number.high)}]")
    printed = published(*key) if options.with_published else None
    if printed is not None:
        difference = Entry(number.mean - printed.mean, signed=True)
        notes += [f"printed {decimal(printed.mean)}", f"({difference.text()})"]
    return Cell(decimal(number.mean), tuple(notes), value=number.mean, best=best)


def metric_tables(
    results: Results, found: Sequence[Measure], looks: Mapping[str, Look]
) -> list[HtmlTable]:
    """Return a table for each data set: metrics at its longest length."""
    labels = dataset_labels(results.datasets)
    tables = []
    for record in in_order(results):
        own = [run.record.tracker for run in results.runs if run.dataset.id == record.id]
        columns = [
            [measure.numbers[tracker, record.id, record.lengths[-1]] for tracker in own]
            for measure in found
        ]
        marked = [with_best([Entry(number.mean) for number in column]) for column in columns]
        rows = tuple(
            (
                named(looks[tracker]),
                *(
                    Cell(
                        decimal(column[i].mean),
                        _of_metric(column[i]),
                        value=column[i].mean,
                        best=entries[i].best,
                    )
                    for column, entries in zip(columns, marked, strict=True)
                ),
            )
            for i, tracker in enumerate(own)
        )
        tables.append(
            HtmlTable(
                caption=f"{labels[record.id]}, {_extent(record)}",
                heads=("Tracker", *(measure.id for measure in found)),
                rows=rows,
                sortable=True,
                dataset=labels[record.id],
            )
        )
    return tables


def _extent(record: DatasetRecord) -> str:
    return "whole sequences" if record.frames_each else f"{record.length} frames"


def _of_metric(number: Number) -> tuple[str, ...]:
    """Return what is to be said of a metric's number."""
    notes = []
    if not math.isnan(number.std):
        notes.append(f"± {decimal(number.std)}")
    if number.uncounted:
        notes.append(f"{number.uncounted} left out")
    return tuple(notes)
