"""Two trackers side by side, a row a data set: as the paper arranges its tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from trackbench.errors import TrackbenchError
from trackbench.ids import parse, unversioned
from trackbench.metrics.evaluation_protocol import FULL
from trackbench.report_contract import ReportOptions
from trackbench.reports.cell_values import Entry, with_best
from trackbench.reports.labels import dataset_labels, in_order, length_label, tracker_label
from trackbench.reports.measures import Measure
from trackbench.reports.published_numbers import PublishedTable, published_tables
from trackbench.reports.tables import Row, RowKind, Table, rows_of
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.directory import Results

CORNER = "Test Seq. Length"


def paper_tables(results: Results, measure: Measure, options: ReportOptions) -> list[Table]:
    """Return the printed tables with our numbers, then what no printed table has.

    A printed table is made if one of its trackers was run on one of its data sets; the other's
    cells are dashes. Its rows are those of its data sets that were run, its columns their lengths.
    Of several versions of a tracker the newest takes the place. Other trackers follow in pairs,
    and after them the placed ones on other data sets.
    """
    tables = []
    run = _run(results)
    placed: set[tuple[str, str]] = set()
    for printed in published_tables():
        records = _rows_of_printed(results, printed)
        on_them = [t for t in results.trackers if any((t, record.id) in run for record in records)]
        trackers = [_newest(on_them, name) for name in printed.trackers]
        if any(trackers):
            placed |= {(t, record.id) for t in trackers if t for record in records}
            tables.append(_printed_table(results, measure, options, printed, trackers, records))
    known = [tracker for tracker in results.trackers if tracker in {t for t, _ in placed}]
    others = [tracker for tracker in results.trackers if tracker not in known]
    tables += _titled("Further trackers", side_by_side(results, measure, options, others))
    rest = {dataset for tracker, dataset in run - placed if tracker in known}
    tables += _titled("Further data sets", side_by_side(results, measure, options, known, rest))
    return tables


def side_by_side(
    results: Results,
    measure: Measure,
    options: ReportOptions,
    trackers: Sequence[str] | None = None,
    datasets: Collection[str] | None = None,
) -> list[Table]:
    """Return a table for every two trackers, each with the data sets that either was run on.

    Lengths ascend, data sets come in the order of their suite, trackers in that of ``results``.

    Args:
        results: what was run.
        measure: the numbers.
        options: what stands under each row.
        trackers: only these; None: all.
        datasets: only these; None: all.
    """
    chosen = results.trackers if trackers is None else trackers
    return [
        table
        for first in range(0, len(chosen), 2)
        if (table := _pair(results, measure, options, chosen[first : first + 2], datasets))
    ]


def _pair(
    results: Results,
    measure: Measure,
    options: ReportOptions,
    pair: Sequence[str],
    datasets: Collection[str] | None,
) -> Table | None:
    run = _run(results)
    records = [
        record
        for record in in_order(results)
        if (datasets is None or record.id in datasets) and any((t, record.id) in run for t in pair)
    ]
    headings = [tracker_label(results, tracker) for tracker in pair]
    return _table(results, measure, options, pair, headings, records) if records else None


def _printed_table(
    results: Results,
    measure: Measure,
    options: ReportOptions,
    printed: PublishedTable,
    trackers: Sequence[str | None],
    records: Sequence[DatasetRecord],
) -> Table:
    headings = [
        f"{name} ({tracker_label(results, tracker) if tracker else 'not run'})"
        for name, tracker in zip(printed.printed_as, trackers, strict=True)
    ]
    ids = [tracker or name for name, tracker in zip(printed.trackers, trackers, strict=True)]
    title = f"Table {printed.number} of {printed.source}: {printed.caption}"
    table = _table(results, measure, options, ids, headings, records)
    return replace(table, title=title if measure.metric is None else f"Arranged as {title}")


def _table(
    results: Results,
    measure: Measure,
    options: ReportOptions,
    trackers: Sequence[str],
    headings: Sequence[str],
    records: Sequence[DatasetRecord],
) -> Table:
    lengths = _lengths(records)
    labels = dataset_labels(results.datasets)
    rows = [
        row
        for record in records
        for row in rows_of(
            measure,
            labels[record.id],
            [
                (tracker, record.id, _of_label(record, length))
                for tracker in trackers
                for length in lengths
            ],
            options,
        )
    ]
    return Table(
        groups=tuple((heading, lengths) for heading in headings),
        rows=tuple(_with_best_of_row(row, len(lengths)) for row in rows),
        corner=CORNER,
    )


def _lengths(records: Sequence[DatasetRecord]) -> tuple[str, ...]:
    """Return the lengths of all data sets as they are printed, ascending; whole sequences last."""
    numbers = {n for record in records for n in record.lengths if not record.is_full(n)}
    whole = [FULL] if any(record.is_full(n) for record in records for n in record.lengths) else []
    return (*map(str, sorted(numbers)), *whole)


def _of_label(record: DatasetRecord, label: str) -> int:
    """Return the length that is printed so; 0 where a data set has none."""
    return next((n for n in record.lengths if length_label(record, n) == label), 0)


def _with_best_of_row(row: Row, lengths: int) -> Row:
    """Mark the best tracker at each length; what is longer is harder, so lengths are not mixed."""
    if row.kind is not RowKind.OURS:
        return row
    means = [entry for entry in row.entries if isinstance(entry, Entry)]
    for column in range(lengths):
        means[column::lengths] = with_best(means[column::lengths])
    return replace(row, entries=tuple(means))


def _titled(title: str, tables: Sequence[Table]) -> Iterator[Table]:
    for table in tables:
        names = " and ".join(heading for heading, _ in table.groups)
        yield replace(table, title=f"{title}: {names}")


def _rows_of_printed(results: Results, printed: PublishedTable) -> list[DatasetRecord]:
    """Return the records of a printed table's data sets, in its order; versions stand together."""
    known = [record for record in in_order(results) if unversioned(record.id) in printed.datasets]
    return sorted(known, key=lambda record: printed.datasets.index(unversioned(record.id)))


def _newest(trackers: Sequence[str], name: str) -> str | None:
    versions = [tracker for tracker in trackers if unversioned(tracker) == name]
    return max(versions, key=_version, default=None)


def _version(tracker: str) -> int:
    try:
        return parse(tracker).version or 0
    except TrackbenchError:
        return 0


def _run(results: Results) -> set[tuple[str, str]]:
    return {(run.record.tracker, run.record.dataset) for run in results.runs}
