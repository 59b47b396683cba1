"""Tables on the terminal."""

from __future__ import annotations

from rich.table import Table as RichTable
from rich.text import Text

from trackbench.cli.console import output
from trackbench.reports.tables import RowKind, Table, footer, paper_tables
from trackbench.results import Results

_STYLES = {RowKind.OURS: "", RowKind.PUBLISHED: "dim", RowKind.DIFFERENCE: "dim italic"}


def print_tables(results: Results, *, with_published: bool) -> None:
    """Print results as the paper arranges them, and what they were measured with."""
    console = output()
    for table in paper_tables(results, with_published=with_published):
        console.print(_rich(table))
    for note in footer(results, with_published=with_published):
        console.print(Text(note, style="dim"))


def _rich(table: Table) -> RichTable:
    names = ", ".join(name for name, _ in table.groups)
    rich = RichTable(title=names, title_style="bold", title_justify="left")
    rich.add_column("Test Seq. Length")
    for number, (tracker, lengths) in enumerate(table.groups):
        for length in lengths:
            heading = str(length) if len(table.groups) == 1 else f"{tracker}\n{length}"
            style = "" if number % 2 == 0 else "cyan"
            rich.add_column(Text(heading), justify="right", no_wrap=True, style=style)
    for row in table.rows:
        label = row.label if row.kind is RowKind.OURS else f"  {row.label}"
        texts = [Text(label), *(Text(entry.text()) for entry in row.entries)]
        rich.add_row(*texts, style=_STYLES[row.kind])
    return rich
