"""Results as tables of HTML alone: for a notebook, or a page of one's own."""

from __future__ import annotations

from markupsafe import Markup, escape

from trackbench.report_contract import ReportOptions
from trackbench.reports.cell_values import Count, Entry, Interval, Spread
from trackbench.reports.report_content import arrange
from trackbench.reports.tables import Row, RowKind, Table
from trackbench.results.directory import Results

_STYLE = Markup(
    "<style>"
    ".trackbench-tables{overflow-x:auto}"
    ".trackbench-tables table{border-collapse:collapse;margin:0 0 .75em;"
    "font-variant-numeric:tabular-nums}"
    ".trackbench-tables caption{text-align:left;font-weight:600;padding:.25em 0}"
    ".trackbench-tables th,.trackbench-tables td{padding:.2em .6em;text-align:right;"
    "white-space:nowrap;border-top:1px solid #8884}"
    ".trackbench-tables th[scope=row]{text-align:left}"
    ".trackbench-tables th[scope=colgroup]{text-align:center}"
    ".trackbench-tables .under{opacity:.75;font-style:italic}"
    ".trackbench-tables summary{cursor:pointer}"
    "</style>"
)


def render(results: Results, options: ReportOptions) -> str:
    """Return the tables, and what they were measured with under a line that unfolds.

    Everything but the first note, which says what the numbers are, is folded. The colours are those
    of the page that it is put into.
    """
    arranged = arrange(results, options)
    what, *notes = arranged.notes
    tables = Markup("\n").join(_table(table) for table in arranged.tables)
    items = Markup("").join(Markup("<li>{}</li>").format(note) for note in notes)
    folded = Markup("<details><summary>How it was measured</summary><ul>{}</ul></details>")
    text = Markup('<div class="trackbench-tables">{}\n{}\n<p>{}</p>\n{}</div>\n').format(
        _STYLE, tables, what, folded.format(items)
    )
    # a name from a damaged record may hold what no encoding has
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _table(table: Table) -> Markup:
    caption = Markup("<caption>{}</caption>").format(table.title) if table.title else ""
    before = Markup("<td></td>") * (1 + len(table.overview))
    groups = Markup("").join(
        Markup('<th scope="colgroup" colspan="{}">{}</th>').format(len(lengths), name)
        for name, lengths in table.groups
    )
    heads = [table.corner, *table.overview, *(n for _, lengths in table.groups for n in lengths)]
    columns = Markup("").join(Markup('<th scope="col">{}</th>').format(head) for head in heads)
    rows = Markup("\n").join(map(_row, table.rows))
    return Markup(
        "<table>{}<thead><tr>{}{}</tr><tr>{}</tr></thead>\n<tbody>{}</tbody></table>"
    ).format(caption, before, groups, columns, rows)


def _row(row: Row) -> Markup:
    under = "" if row.kind is RowKind.OURS else Markup(' class="under"')
    overview = Markup("").join(Markup("<td>{}</td>").format(text) for text in row.overview)
    cells = Markup("").join(map(_cell, row.entries))
    return Markup('<tr{}><th scope="row">{}</th>{}{}</tr>').format(
        under, row.label, overview, cells
    )


def _cell(entry: Entry | Interval | Spread | Count) -> Markup:
    text = escape(entry.text())
    return Markup("<td>{}</td>").format(Markup("<b>{}</b>").format(text) if entry.best else text)
