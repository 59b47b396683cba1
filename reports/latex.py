"""Results as LaTeX tables with booktabs."""

from __future__ import annotations

import re

from trackbench.reports.options import ReportOptions
from trackbench.reports.tables import RowKind, Table, footer, paper_tables
from trackbench.results import Results

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "–": "--",
    "±": r"$\pm$",
    **{character: "\\" + character for character in "&%$#_{}"},
}


def render(results: Results, options: ReportOptions) -> str:
    r"""Return table environments to be ``\input`` in a document that loads booktabs."""
    tables = paper_tables(results, with_published=options.with_published)
    notes = footer(results, with_published=options.with_published)
    head = ["% \\usepackage{booktabs}", *(f"% {note}" for note in notes)]
    return "\n".join([*head, *(_table(table, notes[0]) for table in tables)]) + "\n"


def escape(text: str) -> str:
    """Return ``text`` with everything that LaTeX would read as a command escaped."""
    return re.sub(r"[\\~^<>–±&%$#_{}]", lambda match: _SPECIAL[match[0]], text)


def _table(table: Table, caption: str) -> str:
    columns = sum(len(lengths) for _, lengths in table.groups)
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
        # 4.5pt and footnotesize: two trackers at four lengths fit a text width of 12 cm.
        "  \\footnotesize\\setlength{\\tabcolsep}{4.5pt}",
        f"  \\begin{{tabular}}{{l{'c' * columns}}}",
        "    \\toprule",
        _line(["", *names]),
        f"    {' '.join(rules)}",
        _line(heads),
        "    \\midrule",
    ]
    for row in table.rows:
        label = escape(row.label)
        if row.kind is not RowKind.OURS:
            label = f"\\quad\\textit{{{label}}}"
        texts = [entry.text(plus_minus=r" \pm ", minus="-") for entry in row.entries]
        lines.append(_line([label, *(f"${t}$" if t != "–" else "--" for t in texts)]))
    lines += ["    \\bottomrule", "  \\end{tabular}", "\\end{table}"]
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"    {' & '.join(cells)} \\\\"
