"""A table before anything is known of Markdown or LaTeX, and the rows that both layouts share."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from trackbench.report_contract import ReportOptions
from trackbench.reports.cell_values import NOTHING, Count, Entry, Interval, Spread
from trackbench.reports.measures import Key, Measure
from trackbench.reports.published_numbers import PublishedCell, published


class RowKind(Enum):
    """What a row's numbers are."""

    OURS = "ours"
    SEQUENCES = "sequences"
    RUNS = "runs"
    INTERVAL = "interval"
    PUBLISHED = "published"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class Row:
    """A label and an entry for each column.

    Attributes:
        label: on the left; of a row that is not ours, what it adds to the row above.
        kind: what the numbers are.
        entries: from left to right; a spread is that between runs.
        overview: a text for each of the table's ``overview``.
    """

    label: str
    kind: RowKind
    entries: tuple[Entry | Interval | Spread | Count, ...]
    overview: tuple[str, ...] = ()

    @property
    def said(self) -> bool:
        """Whether it is ours or has a number."""
        return self.kind is RowKind.OURS or any(entry.there for entry in self.entries)


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes:
        groups: a heading and the lengths under it, from left to right: a tracker or a data set.
        rows: from top to bottom.
        corner: what the rows' labels are.
        overview: headings of the columns between the labels and the numbers.
        title: what tells it from the other tables; may be empty.
        what: a sentence on what the numbers are.
    """

    groups: tuple[tuple[str, tuple[str, ...]], ...]
    rows: tuple[Row, ...]
    corner: str
    overview: tuple[str, ...] = ()
    title: str = ""
    what: str = ""


def rows_of(
    measure: Measure, label: str, columns: Sequence[Key], options: ReportOptions
) -> Iterator[Row]:
    """Yield the row of a label and, under it, what ``options`` ask for and there is."""
    ours = [measure.numbers.get(column) for column in columns]
    means = tuple(Entry(number.mean, number.std) if number else NOTHING for number in ours)
    yield Row(label, RowKind.OURS, means)
    if measure.metric is None and any(number and number.uncounted for number in ours):
        counts = tuple(Count(number.counted if number else None) for number in ours)
        yield Row("sequences", RowKind.SEQUENCES, counts)
    spreads = Row(
        "between runs", RowKind.RUNS, tuple(Spread(n.run_std if n else math.nan) for n in ours)
    )
    if spreads.said:
        yield spreads
    if options.intervals:
        ends = ((number.low, number.high) if number else (math.nan, math.nan) for number in ours)
        interval = Row("95 % interval", RowKind.INTERVAL, tuple(Interval(*pair) for pair in ends))
        if interval.said:
            yield interval
    if options.with_published and measure.metric is None:
        yield from _published(means, [published(*column) for column in columns])


def _published(ours: Sequence[Entry], printed: Sequence[PublishedCell | None]) -> Iterator[Row]:
    if not any(printed):
        return
    theirs = tuple(Entry(cell.mean, cell.std) if cell else NOTHING for cell in printed)
    # where either is NaN, so is the difference
    differences = tuple(
        Entry(a.mean - b.mean, signed=True) for a, b in zip(ours, theirs, strict=True)
    )
    yield Row("printed", RowKind.PUBLISHED, theirs)
    yield Row("difference", RowKind.DIFFERENCE, differences)
