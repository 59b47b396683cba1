"""Results as Markdown tables."""

from __future__ import annotations

import re

from trackbench.reports.footer import footer
from trackbench.reports.options import ReportOptions
from trackbench.reports.tables import RowKind, Table, paper_tables
from trackbench.results import Results


def render(results: Results, options: ReportOptions) -> str:
    """Return the tables and, under them, what they were measured with."""
    tables = paper_tables(results, with_published=options.with_published)
    notes = footer(results, with_published=options.with_published)
    parts = [_table(table) for table in tables] + ["\n".join(f"- {_escape(n)}" for n in notes)]
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> str:
    names = [""]
    lengths = ["Test Seq. Length"]
    for tracker, columns in table.groups:
        names += [f"**{_escape(tracker)}**"] + [""] * (len(columns) - 1)
        lengths += [str(length) for length in columns]
    lines = [_line(names), _line([":---", *["---:"] * (len(names) - 1)]), _line(lengths)]
    for row in table.rows:
        label = _escape(row.label) if row.kind is RowKind.OURS else f"&nbsp;&nbsp;*{row.label}*"
        lines.append(_line([label, *(entry.text() for entry in row.entries)]))
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escape(text: str) -> str:
    """Keep what a name contains from being read as Markdown or HTML."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~#$])", r"\\\1", text)
