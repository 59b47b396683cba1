"""A row a tracker, best first; a column a data set and length."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from trackbench.printing.amounts import DASH
from trackbench.printing.packing import packed
from trackbench.report_contract import ReportOptions
from trackbench.reports.cell_values import Entry, with_best
from trackbench.reports.labels import dataset_labels, in_order, length_label, tracker_label
from trackbench.reports.measures import Key, Measure
from trackbench.reports.tables import Row, RowKind, Table, rows_of
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.directory import Results

MOST_COLUMNS = 8
"""Of numbers in one table, as in the paper's: more fit no page and no window."""


@dataclass(frozen=True)
class Standing:
    """A tracker's place.

    Attributes:
        tracker: which.
        rank: 1 is best; None: it lacks a number that another has.
        mean: over all columns, each alike; NaN without a rank.
    """

    tracker: str
    rank: int | None
    mean: float


def summary_tables(results: Results, measure: Measure, options: ReportOptions) -> list[Table]:
    """Return one table, or as many as keep it at :data:`MOST_COLUMNS`, with the same ranks.

    Data sets come in the order of their suite, and none is cut in two.
    """
    standings = ranking(results, measure)
    labels = dataset_labels(results.datasets)
    parts = list(packed(in_order(results), lambda record: len(record.lengths), MOST_COLUMNS))
    return [
        Table(
            groups=tuple(
                (labels[record.id], tuple(length_label(record, n) for n in record.lengths))
                for record in records
            ),
            rows=tuple(
                _with_best_of_columns(list(_rows(results, standings, records, measure, options)))
            ),
            corner="Tracker",
            overview=("Rank", "Mean"),
            title=f"Part {number} of {len(parts)}, ranked over all" if len(parts) > 1 else "",
        )
        for number, records in enumerate(parts, 1)
    ]


def ranking(results: Results, measure: Measure) -> list[Standing]:
    """Return the trackers by their mean over all columns, and after them those without a rank.

    Means that read the same, at two decimals, share a rank; the next has as many before it as its
    rank says. A column counts if any tracker has a number in it.
    """
    columns = {key[1:] for key, number in measure.numbers.items() if not math.isnan(number.mean)}
    overall = {tracker: _mean(measure, tracker, columns) for tracker in results.trackers}
    whole = sorted(
        (tracker for tracker, mean in overall.items() if not math.isnan(mean)),
        key=lambda tracker: -overall[tracker],
    )
    printed = [round(overall[tracker], 2) for tracker in whole]
    ranked = [Standing(t, 1 + printed.index(round(overall[t], 2)), overall[t]) for t in whole]
    return ranked + [Standing(t, None, math.nan) for t, mean in overall.items() if math.isnan(mean)]


def _mean(measure: Measure, tracker: str, columns: Collection[tuple[str, int]]) -> float:
    """Return the mean over columns, NaN if a number is missing."""
    found = [measure.numbers.get((tracker, *column)) for column in columns]
    means = [number.mean if number else math.nan for number in found]
    return math.fsum(means) / len(means) if means else math.nan


def _rows(
    results: Results,
    standings: Sequence[Standing],
    records: Sequence[DatasetRecord],
    measure: Measure,
    options: ReportOptions,
) -> Iterator[Row]:
    columns = [(record.id, length) for record in records for length in record.lengths]
    for standing in standings:
        keys: list[Key] = [(standing.tracker, *column) for column in columns]
        ours, *under = rows_of(measure, tracker_label(results, standing.tracker), keys, options)
        rank = DASH if standing.rank is None else str(standing.rank)
        yield replace(ours, overview=(rank, Entry(standing.mean).text()))
        yield from (replace(row, overview=("", "")) for row in under)


def _with_best_of_columns(rows: list[Row]) -> Iterator[Row]:
    """Mark the best tracker of each column."""
    ours = [row for row in rows if row.kind is RowKind.OURS]
    columns = [
        with_best([entry for entry in column if isinstance(entry, Entry)])
        for column in zip(*(row.entries for row in ours), strict=True)
    ]
    marked = iter(zip(*columns, strict=True))
    for row in rows:
        yield replace(row, entries=next(marked)) if row.kind is RowKind.OURS else row
