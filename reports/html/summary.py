"""The page's tables of results: scores, metrics, speed and failures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from trackbench.metrics import METRICS
from trackbench.printing.amounts import DASH, frame_rate, memory
from trackbench.printing.text import visible
from trackbench.report_contract import ReportOptions
from trackbench.reports.cell_values import Entry, with_best
from trackbench.reports.html.curves import RunCurves
from trackbench.reports.html.tables import Cell, Table, decimal, named
from trackbench.reports.html.tracker_styles import Look
from trackbench.reports.labels import dataset_labels, in_order
from trackbench.reports.measures import Measure, measures
from trackbench.reports.published_numbers import published
from trackbench.reports.summary_layout import ranking
from trackbench.results.directory import Results


def scores(results: Results, options: ReportOptions, looks: Mapping[str, Look]) -> Table:
    """Return a row for each tracker, best first, and a column for each data set and length."""
    measure = measures(results, replace(options, metrics=()))[0]
    labels = dataset_labels(results.datasets)
    records = in_order(results)
    columns = [(record.id, length) for record in records for length in record.lengths]
    standings = ranking(results, measure)
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
    return Table(
        caption=caption,
        heads=("Tracker", "Rank", "Mean", *(str(length) for _, length in columns)),
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
    if options.intervals and not math.isnan(number.low):
        notes.append(f"[{decimal(number.low)}, {decimal(number.high)}]")
    printed = published(*key) if options.with_published else None
    if printed is not None:
        difference = Entry(number.mean - printed.mean, signed=True)
        notes += [f"printed {decimal(printed.mean)}", f"({difference.text()})"]
    return Cell(decimal(number.mean), tuple(notes), value=number.mean, best=best)


def metric_tables(
    results: Results, curves: Sequence[RunCurves], looks: Mapping[str, Look]
) -> list[Table]:
    """Return a table for each data set: every metric at its longest length."""
    labels = dataset_labels(results.datasets)
    tables = []
    for record in in_order(results):
        own = [c for c in curves if c.run.dataset.id == record.id]
        columns = [[_metric(c, metric.id) for c in own] for metric in METRICS]
        marked = [with_best([Entry(mean) for mean, _ in column]) for column in columns]
        rows = tuple(
            (
                named(looks[c.run.record.tracker]),
                *(
                    Cell(
                        decimal(column[i][0]),
                        column[i][1],
                        value=column[i][0],
                        best=entries[i].best,
                    )
                    for column, entries in zip(columns, marked, strict=True)
                ),
            )
            for i, c in enumerate(own)
        )
        tables.append(
            Table(
                caption=f"{labels[record.id]}, {record.length} frames",
                heads=("Tracker", *(metric.id for metric in METRICS)),
                rows=rows,
                sortable=True,
            )
        )
    return tables


def _metric(curves: RunCurves, metric: str) -> tuple[float, tuple[str, ...]]:
    """Return a metric's mean over sequences and what is to be said of it."""
    values = curves.metrics[metric]
    counted = values[values == values]  # noqa: PLR0124 - NaN is no score
    notes = []
    if counted.size > 1:
        notes.append(f"± {decimal(float(counted.std(ddof=1)))}")
    if counted.size < values.size:
        notes.append(f"{values.size - counted.size} left out")
    return float(counted.mean()) if counted.size else math.nan, tuple(notes)


def reliability(results: Results, looks: Mapping[str, Look]) -> Table:
    """Return frames/s, failures, invalid boxes and memory of each tracker, over its runs.

    Frames in which a target was called absent are counted where a tracker says such a thing.
    """
    rows = []
    says_absent = any(run.absent for run in results.runs)
    for tracker, look in looks.items():
        runs = [run for run in results.runs if run.record.tracker == tracker]
        seconds = sum(run.record.seconds for run in runs)
        speed = sum(run.record.frames for run in runs) / seconds if seconds else math.nan
        sequences = sum(run.record.sequences for run in runs)
        failures = sum(len(run.record.failures) for run in runs)
        invalid = sum(run.invalid for run in runs)
        absent = sum(run.absent for run in runs)
        peak = max(run.record.peak_memory for run in runs)
        rows.append(
            (
                named(look),
                Cell(frame_rate(speed), value=speed),
                Cell(f"{sequences:,}", value=sequences),
                Cell(f"{failures:,}", value=failures),
                Cell(f"{invalid:,}", value=invalid),
                *([Cell(f"{absent:,}", value=absent)] if says_absent else []),
                Cell(memory(peak) if peak else DASH, value=peak or math.nan),
            )
        )
    counted = ("Failed", "Invalid boxes", *(["Absent"] if says_absent else []))
    return Table(
        caption="Over all runs of a tracker",
        heads=("Tracker", "Frames/s", "Sequences", *counted, "Peak memory"),
        rows=tuple(rows),
        sortable=True,
    )


_MOST_FAILURES = 50
_LAST_LINES = 3
_LONGEST_LINE = 200


def failures(results: Results, looks: Mapping[str, Look]) -> Table | None:
    """Return the first failures of the runs; None if there is none."""
    found = list(_failures(results, looks))
    if not found:
        return None
    more = f" (the first {_MOST_FAILURES} of {len(found):,})" if len(found) > _MOST_FAILURES else ""
    return Table(
        caption=f"Failed sequences{more}",
        heads=("Tracker", "Data set", "How", "Message", "Sequence", "From frame"),
        rows=tuple(found[:_MOST_FAILURES]),
        sortable=True,
        texts=4,
    )


def _failures(results: Results, looks: Mapping[str, Look]) -> Iterator[tuple[Cell, ...]]:
    labels = dataset_labels(results.datasets)
    for run in results.runs:
        for failure in run.record.failures:
            yield (
                named(looks[run.record.tracker]),
                Cell(labels[run.record.dataset]),
                Cell(failure.kind.value),
                Cell(visible(failure.message), tuple(_last_lines(failure.output))),
                Cell(str(failure.sequence), value=failure.sequence),
                Cell(str(failure.frame), value=failure.frame),
            )


def _last_lines(output: str) -> Iterator[str]:
    """Yield the end of what a tracker printed before it failed."""
    lines = [line for line in output[-4 * _LONGEST_LINE * _LAST_LINES :].splitlines() if line]
    for line in lines[-_LAST_LINES:]:
        yield visible(line[-_LONGEST_LINE:])
