"""Results as Markdown tables."""

from __future__ import annotations

from trackbench.printing.markdown import escape, line
from trackbench.report_contract import ReportOptions
from trackbench.reports.cell_values import Count, Entry, Interval, Spread
from trackbench.reports.report_content import arrange
from trackbench.reports.tables import Row, RowKind, Table
from trackbench.results.directory import Results


def render(results: Results, options: ReportOptions) -> str:
    """Return the tables and, under them, what they were measured with."""
    arranged = arrange(results, options)
    parts = []
    for table in arranged.tables:
        if table.title:
            parts.append(f"**{escape(table.title)}**")
        parts.append(_table(table))
    parts.append("\n".join(f"- {escape(note)}" for note in arranged.notes))
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> str:
    headings = ["", *("" for _ in table.overview)]
    heads = [table.corner, *table.overview]
    for heading, lengths in table.groups:
        headings += [f"**{escape(heading)}**"] + [""] * (len(lengths) - 1)
        heads += lengths
    marks = [":---", *["---:"] * (len(heads) - 1)]
    return "\n".join(line(cells) for cells in (headings, marks, heads, *map(_row, table.rows)))


def _row(row: Row) -> list[str]:
    label = escape(row.label) if row.kind is RowKind.OURS else f"&nbsp;&nbsp;*{row.label}*"
    return [label, *row.overview, *map(_cell, row.entries)]


def _cell(entry: Entry | Interval | Spread | Count) -> str:
    return f"**{entry.text()}**" if entry.best else entry.text()
