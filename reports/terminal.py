"""Tables on the terminal, or as text of its width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table as RichTable
from rich.text import Text

from trackbench.printing.on_console import printed
from trackbench.report_contract import ReportOptions
from trackbench.reports.footer import footer
from trackbench.reports.measures import measures
from trackbench.reports.paper_layout import side_by_side
from trackbench.reports.report_content import arrange
from trackbench.reports.tables import RowKind, Table
from trackbench.results.directory import Results

_STYLES = {
    RowKind.OURS: "",
    RowKind.SEQUENCES: "dim",
    RowKind.RUNS: "dim",
    RowKind.INTERVAL: "dim",
    RowKind.PUBLISHED: "dim",
    RowKind.DIFFERENCE: "dim italic",
}


def print_tables(results: Results, console: Console, *, with_published: bool = False) -> None:
    """Print two trackers side by side, and what they were measured with: what a run ends with."""
    options = ReportOptions(with_published=with_published)
    (iou,) = measures(results, options)
    tables = side_by_side(results, iou, options)
    _print(tables, footer(results, with_published=with_published), console)


def render(results: Results, options: ReportOptions) -> str:
    """Return the tables in the layout asked for, and the notes, as text."""
    return printed(lambda console: print_report(results, options, console))


def print_report(results: Results, options: ReportOptions, console: Console) -> None:
    """Print the tables in the layout asked for, and the notes, to a console of any width."""
    arranged = arrange(results, options)
    _print(arranged.tables, arranged.notes, console)


def _print(tables: Iterable[Table], notes: Iterable[str], console: Console) -> None:
    for table in tables:
        if table.title:
            console.print(Text(table.title, style="bold"))
        for part in _fitting(table, console):
            console.print(_side_by_side(part))
    for note in notes:
        # Only a terminal has a width to break lines at; what reads a pipe reads lines.
        console.print(Text(note, style="dim"), soft_wrap=not console.is_terminal)


def _fitting(table: Table, console: Console) -> list[Table]:
    """Cut a table into as few parts as it takes to show every number whole."""
    columns = max(len(lengths) for _, lengths in table.groups)
    cuts = [[table], *(list(_cut(table, columns=n)) for n in range(columns, 0, -1))]
    for parts in cuts:
        if all(_width(_side_by_side(part), console) <= console.width for part in parts):
            return parts
    return cuts[-1]


def _width(shown: RichTable, console: Console) -> int:
    """Return how wide it would like to be; asked with the true width, Rich answers that at most."""
    endless = console.options.update(max_width=10_000)
    return Measurement.get(console, endless, shown).maximum


def _cut(table: Table, columns: int) -> Iterator[Table]:
    """Yield each tracker alone, ``columns`` lengths at a time."""
    at = 0
    for tracker, lengths in table.groups:
        for first in range(0, len(lengths), columns):
            kept = lengths[first : first + columns]
            span = slice(at + first, at + first + len(kept))
            rows = (replace(row, entries=row.entries[span]) for row in table.rows)
            # nothing is printed of most trackers
            said = tuple(row for row in rows if row.said)
            yield replace(table, groups=((tracker, kept),), rows=said)
        at += len(lengths)


def _side_by_side(table: Table) -> RichTable:
    """Show each tracker under its name; only the leftmost has the rows' labels."""
    whole = RichTable.grid(padding=(0, 1, 0, 0))
    trackers = []
    at = 0
    for tracker, lengths in table.groups:
        trackers.append(_tracker(table, tracker, lengths, at, labelled=at == 0))
        at += len(lengths)
        whole.add_column(vertical="bottom")  # a long name may take two lines, the rows stay level
    whole.add_row(*trackers)
    return whole


def _tracker(
    table: Table, tracker: str, lengths: tuple[str, ...], at: int, *, labelled: bool
) -> RichTable:
    """Show one tracker, whose numbers begin in column ``at``."""
    rich = RichTable(title=Text(tracker, overflow="fold"), title_style="bold")
    if labelled:
        rich.add_column(table.corner, overflow="fold")
        for head in table.overview:
            rich.add_column(head, justify="right", no_wrap=True)
    for length in lengths:
        rich.add_column(length, justify="right", no_wrap=True)
    for row in table.rows:
        label = row.label if row.kind is RowKind.OURS else f"  {row.label}"
        texts = [
            Text(entry.text(), style="bold" if entry.best else "")
            for entry in row.entries[at : at + len(lengths)]
        ]
        left = [label, *(row.overview or [""] * len(table.overview))] if labelled else []
        rich.add_row(*map(Text, left), *texts, style=_STYLES[row.kind])
    return rich
