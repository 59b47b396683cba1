"""Results as LaTeX tables with booktabs."""

from __future__ import annotations

import re

from trackbench.reports.footer import footer
from trackbench.reports.options import ReportOptions
from trackbench.reports.tables import Entry, RowKind, Table, paper_tables
from trackbench.results import Results

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
    **{character: "\\" + character for character in "&%$#_{}"},
}

_HEAD = r"""% \usepackage{booktabs}
% \usepackage{graphicx} makes a table fit that is wider than the text; without it, it sticks out.
\providecommand{\resizebox}[3]{#3}"""


def render(results: Results, options: ReportOptions) -> str:
    r"""Return table environments to be ``\input`` in a document that loads booktabs.

    With graphicx, a table that is wider than the text is made smaller.
    """
    tables = paper_tables(results, with_published=options.with_published)
    notes = footer(results, with_published=options.with_published)
    head = [_HEAD, *(f"% {note}" for note in notes)]
    return "\n".join([*head, *(_table(table, notes[0]) for table in tables)]) + "\n"


def escape(text: str) -> str:
    """Return ``text`` with everything that LaTeX would read as a command escaped."""
    return re.sub(r"-(?=-)|[\\~^<>|–±&%$#_{}]", lambda match: _SPECIAL[match[0]], text)


def _table(table: Table, caption: str) -> str:
    columns = "@{\\hspace{10pt}}".join("c" * len(lengths) for _, lengths in table.groups)
    names, rules, heads = [], [], ["Test Seq.\\ Length"]
    at = 2
    for tracker, lengths in table.groups:
        names.append(f"\\multicolumn{{{len(lengths)}}}{{c}}{{{escape(tracker)}}}")
        rules.append(f"\\cmidrule(lr){{{at}-{at + len(lengths) - 1}}}")
        heads += [str(length) for length in lengths]
        at += len(lengths)
    lines = [
        "\\begin{table}",
        "  \\centering",
        f"  \\caption{{{escape(caption)}}}",
        "  \\smallskip",
        # 8 columns and a label: at 8 pt as wide as a page of 15 cm; on a narrower one, reduced
        "  \\footnotesize\\setlength{\\tabcolsep}{3pt}%",
        "  \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%",
        f"  \\begin{{tabular}}{{@{{}}l@{{\\hspace{{8pt}}}}{columns}@{{}}}}",
        "    \\toprule",
        _line(["", *names]),
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
        lines.append(_line([label, *(_number(entry) for entry in row.entries)]))
    lines += ["    \\bottomrule", "  \\end{tabular}}", "\\end{table}"]
    return "\n".join(lines)


def _number(entry: Entry) -> str:
    # {\pm}, not a binary operator: without its spaces the columns are a quarter narrower
    text = entry.text(plus_minus=r"{\pm}")
    return "--" if text == "–" else f"${text}$"


def _line(cells: list[str]) -> str:
    return f"    {' & '.join(cells)} \\\\"
