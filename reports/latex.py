"""Results as LaTeX tables with booktabs."""

from __future__ import annotations

import re

from trackbench.report_contract import ReportOptions
from trackbench.reports.cell_values import Count, Entry, Interval, Spread
from trackbench.reports.report_content import arrange
from trackbench.reports.tables import RowKind, Table
from trackbench.results.directory import Results

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "-": "-{}",  # only before another: a ligature would make one dash of two
    "–": "--",
    "±": r"$\pm$",
    "[": "{[}",  # at the beginning of a row it would be an argument of the \\ before it
    "*": "{*}",
    **{character: "\\" + character for character in "&%$#_{}"},
}
_SET_BY_DEFAULT = {*map(chr, range(0xC0, 0x100))} - {*"ÐðÞþ×÷"}
"""Beside ASCII: letters that are set without any package."""

_HEAD = r"""% \usepackage{booktabs}
% \usepackage{graphicx} makes a table fit that is wider than the text; without it, it sticks out.
\providecommand{\resizebox}[3]{#3}"""

_MOST_FLOATS = 16
"""Tables before all of them must have found a page: LaTeX gives up at 53, before 2015 at 19."""


def render(results: Results, options: ReportOptions) -> str:
    r"""Return table environments to be ``\input`` in a document that loads booktabs.

    With graphicx, a table that is wider than the text is made smaller.
    """
    arranged = arrange(results, options)
    parts = [_HEAD, *(f"% {note}" for note in arranged.notes)]
    for number, table in enumerate(arranged.tables):
        if number and number % _MOST_FLOATS == 0:
            parts.append("\\clearpage")
        parts.append(_table(table))
    return "\n".join(parts) + "\n"


def escape(text: str) -> str:
    """Return ``text`` with everything that LaTeX would read as a command escaped.

    A character that it has no letter for, without packages for its script, becomes its number.
    """
    return re.sub(r"-(?=-)|[\\~^<>|&%$#_{}\[*]|[^\x20-\x7e]", _escaped, text)


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SPECIAL:
        return _SPECIAL[character]
    return character if character in _SET_BY_DEFAULT else f"U+{ord(character):04X}"


def _table(table: Table) -> str:
    columns = "@{\\hspace{10pt}}".join("c" * len(lengths) for _, lengths in table.groups)
    labels = f"l{'r' * len(table.overview)}"
    headings, rules = [""] * len(labels), []
    heads = [escape(text).replace(". ", ".\\ ") for text in (table.corner, *table.overview)]
    at = len(labels) + 1
    for heading, lengths in table.groups:
        headings.append(f"\\multicolumn{{{len(lengths)}}}{{c}}{{{escape(heading)}}}")
        rules.append(f"\\cmidrule(lr){{{at}-{at + len(lengths) - 1}}}")
        heads += lengths
        at += len(lengths)
    lines = [
        "\\begin{table*}",
        "  \\centering",
        f"  \\caption{{{escape(_caption(table))}}}",
        "  \\smallskip",
        # 8 columns and a label: at 8 pt as wide as a page of 15 cm; on a narrower one, reduced
        "  \\footnotesize\\setlength{\\tabcolsep}{3pt}%",
        "  \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%",
        f"  \\begin{{tabular}}{{@{{}}{labels}@{{\\hspace{{8pt}}}}{columns}@{{}}}}",
        "    \\toprule",
        _line(headings),
        f"    {' '.join(rules)}",
        _line(heads),
        "    \\midrule",
    ]
    for number, row in enumerate(table.rows):
        label = escape(row.label)
        if row.kind is not RowKind.OURS:
            label = f"\\quad\\textit{{{label}}}"
        elif number and table.rows[number - 1].kind is not RowKind.OURS:
            lines.append("    \\addlinespace")
        lines.append(_line([label, *map(escape, row.overview), *map(_number, row.entries)]))
    lines += ["    \\bottomrule", "  \\end{tabular}}", "\\end{table*}"]
    return "\n".join(lines)


def _caption(table: Table) -> str:
    if not table.title or table.what.startswith(table.title):
        return table.what
    return f"{table.title}. {table.what}"


def _number(entry: Entry | Interval | Spread | Count) -> str:
    if not entry.there:
        return "--"
    # {\pm}, not a binary operator: without its spaces the columns are a quarter narrower
    text = entry.text(plus_minus=r"{\pm}")
    return f"$\\mathbf{{{text}}}$" if entry.best else f"${text}$"


def _line(cells: list[str]) -> str:
    return f"    {' & '.join(cells)} \\\\"
