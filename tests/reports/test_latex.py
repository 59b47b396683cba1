"""The report compiled with a real LaTeX where there is one; its structure is checked everywhere."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trackbench.report_contract import Layout, ReportOptions
from trackbench.reports.latex import escape, render
from trackbench.reports.report_content import arrange
from trackbench.reports.tables import RowKind

PLAIN = ReportOptions()
PAPER = ReportOptions(layout=Layout.PAPER)
EVERYTHING = ReportOptions(with_published=True, intervals=True, metrics=("survival", "ao@got10k"))
EVERYTHING_AS_IN_THE_PAPER = replace(EVERYTHING, layout=Layout.PAPER)
OPTIONS = [PLAIN, PAPER, EVERYTHING, EVERYTHING_AS_IN_THE_PAPER]
EVERY_SPECIAL = "[*] my_tracker.x <script>&%$#_{}~^\\|-- --- a--b é ß \u05e9 漢 \U0001f600"
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


@pytest.mark.thorough
@needs_latex
@pytest.mark.parametrize("options", OPTIONS)
def test_two_trackers_fit_the_narrowest_page(
    make_results: MakeResults, tmp_path: Path, options: ReportOptions
) -> None:
    results = make_results(("kcf-v1", "rectracker-att1-v1"), lengths=(20, 40, 80, 160)).results
    log = compiled(tmp_path, render(results, options), "booktabs,graphicx")
    assert "Overfull" not in log
    assert "Warning" not in log.replace("No file main.aux", "")


@pytest.mark.thorough
@needs_latex
@pytest.mark.parametrize("options", OPTIONS)
def test_booktabs_alone_is_enough_to_compile(
    make_results: MakeResults, tmp_path: Path, options: ReportOptions
) -> None:
    results = make_results(("kcf-v1", "my_tracker.x", "z"), lengths=(20, 40)).results
    log = compiled(tmp_path, render(results, options), "booktabs")
    assert "Output written on main.pdf" in log


@pytest.mark.thorough
@needs_latex
def test_more_tables_than_latex_holds_at_once_compile(
    make_results: MakeResults, tmp_path: Path
) -> None:
    trackers = tuple(f"t{number:03}" for number in range(120))
    results = make_results(trackers, ("x-v1",), lengths=(2,), sequences=1, spoil=False).results
    text = render(results, PAPER)
    assert text.count(r"\begin{table*}") == 60
    compiled(tmp_path, text, "booktabs,graphicx")


@needs_latex
@pytest.mark.parametrize("options", [PLAIN, PAPER])
def test_every_special_character_compiles(
    make_results: MakeResults, tmp_path: Path, options: ReportOptions
) -> None:
    results = make_results((EVERY_SPECIAL,), (EVERY_SPECIAL, "*")).results
    log = compiled(tmp_path, render(results, options), "booktabs,graphicx")
    assert "Missing character" not in log


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("trackers", [("kcf-v1",), ("kcf-v1", "my_tracker.x", EVERY_SPECIAL)])
def test_every_row_fills_the_columns_of_its_tabular(
    make_results: MakeResults, trackers: tuple[str, ...], options: ReportOptions
) -> None:
    results = make_results(trackers, lengths=(20, 40)).results
    text = render(results, options)
    tabulars = text.split(r"\begin{tabular}")[1:]
    for tabular, table in zip(tabulars, arrange(results, options).tables, strict=True):
        specification = re.sub(r"@\{(?:[^{}]|\{[^{}]*\})*\}", "", tabular.splitlines()[0])
        declared = re.fullmatch(r"\{(lr*)(c+)\}", specification)
        assert declared is not None
        assert len(declared[1]) == 1 + len(table.overview)
        assert {columns(row) for row in rows(tabular)} == {len(declared[1] + declared[2])}


@pytest.mark.parametrize("options", OPTIONS)
def test_environments_and_braces_close_in_order(
    make_results: MakeResults, options: ReportOptions
) -> None:
    results = make_results((EVERY_SPECIAL, "kcf-v1", "b")).results
    text = render(results, options)
    code = re.sub(r"(?m)(?<!\\)%.*$", "", text).replace(r"\\", "")
    opened: list[str] = []
    for found in re.findall(r"\\begin\{[\w*]+\}|\\end\{[\w*]+\}|\\.|[{}]", code):
        if found.startswith(r"\begin"):
            opened.append(found[len(r"\begin") :])
        elif found.startswith(r"\end{"):
            assert opened.pop() == found[len(r"\end") :]
        elif found == "{":
            opened.append(found)
        elif found == "}":
            assert opened.pop() == "{"
    assert opened == []
    assert code.count(r"\begin{table*}") == len(arrange(results, options).tables)


@pytest.mark.parametrize("options", OPTIONS)
def test_rows_hold_what_is_arranged(make_results: MakeResults, options: ReportOptions) -> None:
    without = {("kcf-v1", "mnist-multi-diff-v1")}
    results = make_results(lengths=(20, 40), without=without).results
    tabulars = render(results, options).split(r"\begin{tabular}")[1:]
    for tabular, table in zip(tabulars, arrange(results, options).tables, strict=True):
        names, heads, *found = [row.removesuffix(r" \\").split(" & ") for row in rows(tabular)]
        assert [re.sub(r"^(& )*", "", name) for name in names[-len(table.groups) :]] == [
            rf"\multicolumn{{{len(lengths)}}}{{c}}{{{escape(heading)}}}"
            for heading, lengths in table.groups
        ]
        lengths = [str(length) for _, lengths in table.groups for length in lengths]
        assert heads == [table.corner.replace(". ", r".\ "), *table.overview, *lengths]
        expected = []
        for row in table.rows:
            label = escape(row.label)
            if row.kind is not RowKind.OURS:
                label = rf"\quad\textit{{{label}}}"
            numbers = []
            for entry in row.entries:
                text = entry.text(plus_minus=r"{\pm}")
                shown = rf"$\mathbf{{{text}}}$" if entry.best else f"${text}$"
                numbers.append("--" if text == "–" else shown)
            expected.append([label, *map(escape, row.overview), *numbers])
        assert found == expected


def test_the_best_are_bold(make_results: MakeResults) -> None:
    text = render(make_results(lengths=(20, 40)).results, PLAIN)
    assert len(re.findall(r"\$\\mathbf\{\d\.\d\d\{\\pm\}\d\.\d\d\}\$", text)) >= 4


def test_rules_under_the_names_span_their_columns(make_results: MakeResults) -> None:
    text = render(make_results(("a", "b")).results, PAPER)
    assert re.findall(r"\\cmidrule\(lr\)\{(.*?)\}", text) == ["2-4", "5-7"]
    text = render(make_results(("a", "b")).results, PLAIN)
    assert re.findall(r"\\cmidrule\(lr\)\{(.*?)\}", text) == ["4-6", "7-9"]


def test_a_caption_says_which_table_and_what_the_numbers_are(make_results: MakeResults) -> None:
    results = make_results(("kcf-v1",), lengths=(20,)).results
    text = render(results, replace(PAPER, metrics=("survival",)))
    iou, survival = re.findall(r"\\caption\{(.*)\}", text)
    title = "Table 4 of arXiv 1511.06425: RecTracker-Att-1 and KerCorrTracker. "
    assert iou.startswith(title + r"Mean IoU $\pm$ standard deviation over 5 sequences. ")
    assert survival.startswith(f"survival. Arranged as {title}survival: share of sequences")
    assert survival.count("survival: ") == 1


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
        ("[a] *b*", r"{[}a] {*}b{*}"),
        ("Müller ß × \u05d0", r"Müller ß U+00D7 U+05D0"),
        (r"\_", r"\textbackslash{}\_"),
    ],
)
def test_specials_are_escaped_once(text: str, escaped: str) -> None:
    assert escape(text) == escaped
