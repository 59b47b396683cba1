"""The report compiled with a real LaTeX where there is one; its structure is checked everywhere."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trackbench.reports.latex import escape, render
from trackbench.reports.options import ReportOptions
from trackbench.reports.tables import RowKind, paper_tables

PLAIN, WITH_PUBLISHED = ReportOptions(), ReportOptions(with_published=True)
EVERY_SPECIAL = "my_tracker.x <script>&%$#_{}~^\\|-- --- a--b"
DOCUMENT = r"""\documentclass{article}
\usepackage{%s}
\begin{document}
\input{report}
\end{document}
"""

MakeResults = Callable[..., Any]

needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex here")


def compiled(folder: Path, text: str, packages: str) -> str:
    """Compile a report and return LaTeX's log; an error of LaTeX's fails the test."""
    (folder / "report.tex").write_text(text, encoding="utf-8")
    (folder / "main.tex").write_text(DOCUMENT % packages, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "main.tex"],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return (folder / "main.log").read_text(encoding="utf-8", errors="replace")


def rows(text: str) -> list[str]:
    """Return the rows of the tables, headings included."""
    return [line.strip() for line in text.splitlines() if line.endswith(r" \\")]


def columns(row: str) -> int:
    """Return how many columns a row fills, spans counted."""
    cells = re.split(r"(?<!\\)&", row)
    spans = [re.match(r"\s*\\multicolumn\{(\d+)\}", cell) for cell in cells]
    return sum(int(span[1]) if span else 1 for span in spans)


@needs_latex
def test_two_trackers_with_printed_rows_fit_the_narrowest_page(
    make_results: MakeResults, tmp_path: Path
) -> None:
    results = make_results(("kcf-v1", "rectracker-att1-v1"), lengths=(20, 40, 80, 160)).results
    log = compiled(tmp_path, render(results, WITH_PUBLISHED), "booktabs,graphicx")
    assert "Overfull" not in log
    assert "Warning" not in log.replace("No file main.aux", "")


@needs_latex
def test_booktabs_alone_is_enough_to_compile(make_results: MakeResults, tmp_path: Path) -> None:
    results = make_results(("kcf-v1", "my_tracker.x", "z"), lengths=(20, 40)).results
    log = compiled(tmp_path, render(results, WITH_PUBLISHED), "booktabs")
    assert "Output written on main.pdf" in log


@needs_latex
def test_every_special_character_compiles(make_results: MakeResults, tmp_path: Path) -> None:
    results = make_results((EVERY_SPECIAL,)).results
    log = compiled(tmp_path, render(results, PLAIN), "booktabs,graphicx")
    assert "Missing character" not in log


@pytest.mark.parametrize("options", [PLAIN, WITH_PUBLISHED])
@pytest.mark.parametrize("trackers", [("kcf-v1",), ("kcf-v1", "my_tracker.x", EVERY_SPECIAL)])
def test_every_row_fills_the_columns_of_its_tabular(
    make_results: MakeResults, trackers: tuple[str, ...], options: ReportOptions
) -> None:
    text = render(make_results(trackers, lengths=(20, 40)).results, options)
    tabulars = text.split(r"\begin{tabular}")[1:]
    assert len(tabulars) == (len(trackers) + 1) // 2
    for tabular in tabulars:
        specification = re.sub(r"@\{(?:[^{}]|\{[^{}]*\})*\}", "", tabular.splitlines()[0])
        declared = re.fullmatch(r"\{(l)(c+)\}", specification)
        assert declared is not None
        assert {columns(row) for row in rows(tabular)} == {1 + len(declared[2])}


def test_environments_and_braces_close_in_order(make_results: MakeResults) -> None:
    text = render(make_results((EVERY_SPECIAL, "kcf-v1", "b")).results, WITH_PUBLISHED)
    code = re.sub(r"(?m)(?<!\\)%.*$", "", text).replace(r"\\", "")
    opened: list[str] = []
    for found in re.findall(r"\\begin\{\w+\}|\\end\{\w+\}|\\.|[{}]", code):
        if found.startswith(r"\begin"):
            opened.append(found[len(r"\begin") :])
        elif found.startswith(r"\end{"):
            assert opened.pop() == found[len(r"\end") :]
        elif found == "{":
            opened.append(found)
        elif found == "}":
            assert opened.pop() == "{"
    assert opened == []
    assert code.count(r"\begin{table}") == 2


def test_rows_hold_what_is_arranged(make_results: MakeResults) -> None:
    results = make_results(lengths=(20, 40), without={("kcf-v1", "mnist-multi-diff-v1")}).results
    (table,) = paper_tables(results, with_published=True)
    found = [
        re.split(r" & ", row.removesuffix(r" \\")) for row in rows(render(results, WITH_PUBLISHED))
    ]
    assert found[0] == ["& \\multicolumn{2}{c}{kcf-v1}", r"\multicolumn{2}{c}{my\_tracker.x}"]
    assert found[1] == [r"Test Seq.\ Length", "20", "40", "20", "40"]
    expected = []
    for row in table.rows:
        label = row.label if row.kind is RowKind.OURS else rf"\quad\textit{{{row.label}}}"
        numbers = [entry.text(plus_minus=r"{\pm}") for entry in row.entries]
        expected.append([label, *("--" if text == "–" else f"${text}$" for text in numbers)])
    assert found[2:] == expected


def test_rules_under_the_names_span_their_columns(make_results: MakeResults) -> None:
    text = render(make_results().results, PLAIN)
    assert re.findall(r"\\cmidrule\(lr\)\{(.*?)\}", text) == ["2-4", "5-7"]


def test_provenance_stands_in_comments_and_the_protocol_in_the_caption(
    make_results: MakeResults,
) -> None:
    results = make_results(lengths=(20,)).results
    text = render(results, PLAIN)
    comments = [line for line in text.splitlines() if line.startswith("% ")]
    record = results.datasets["mnist-multi-diff-v1"]
    assert any(f"{record.id}: " in line and record.fingerprint[:12] in line for line in comments)
    assert r"\caption{Mean IoU $\pm$ standard deviation over 5 sequences. Protocol paper-v1" in text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("my_tracker.x", r"my\_tracker.x"),
        ("a&b%c$d#e{f}", r"a\&b\%c\$d\#e\{f\}"),
        ("~^\\", r"\textasciitilde{}\textasciicircum{}\textbackslash{}"),
        ("<a|b>", r"\textless{}a\textbar{}b\textgreater{}"),
        ("a-b--c---d", "a-b-{}-c-{}-{}-d"),
        ("0.3 ± 0.1 – x", r"0.3 $\pm$ 0.1 -- x"),
        (r"\_", r"\textbackslash{}\_"),
    ],
)
def test_specials_are_escaped_once(text: str, escaped: str) -> None:
    assert escape(text) == escaped
