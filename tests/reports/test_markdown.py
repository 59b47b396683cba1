"""The report read back with a Markdown renderer, raw HTML allowed as on GitHub."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt

from trackbench.report_contract import Layout, ReportOptions
from trackbench.reports.markdown import render
from trackbench.reports.report_content import arrange

SUMMARY = ReportOptions()
PAPER = ReportOptions(layout=Layout.PAPER)
EVERYTHING = ReportOptions(with_published=True, intervals=True, metrics=("survival", "ao@got10k"))
EVERYTHING_AS_IN_THE_PAPER = replace(EVERYTHING, layout=Layout.PAPER)
OPTIONS = [SUMMARY, PAPER, EVERYTHING, EVERYTHING_AS_IN_THE_PAPER]

HOSTILE = (
    "my_tracker.x",
    "<script>alert(1)",
    "<!-- hidden",
    "a|b",
    "*_bold_*",
    "`code`",
    "[link](x)",
    "&amp;",
    "a\\",
    "a\\|b",
    "~~gone~~",
    "# head",
    "$x$",
)

MakeResults = Callable[..., Any]


class Page(HTMLParser):
    """What a reader sees.

    The cells of each table's rows, the items of the list, the paragraphs, what is bold in a table,
    the tags used.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.items: list[str] = []
        self.titles: list[str] = []
        self.bold: list[str] = []
        self.tags: set[str] = set()
        self._reading: list[str] | None = None
        self._bold = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._reading = self.tables[-1][-1]
        elif tag == "li":
            self.items.append("")
            self._reading = self.items
        elif tag == "p":
            self.titles.append("")
            self._reading = self.titles
        elif tag == "strong" and self._reading is not self.titles:
            self.bold.append("")
            self._bold = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "li", "p"):
            self._reading = None
        elif tag == "strong":
            self._bold = False

    def handle_data(self, data: str) -> None:
        if self._reading is not None:
            self._reading[-1] += data
        if self._bold:
            self.bold[-1] += data


def page(text: str) -> Page:
    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return Page(renderer.render(text))


@pytest.mark.parametrize("options", OPTIONS)
def test_the_tables_read_as_they_are_arranged(
    make_results: MakeResults, options: ReportOptions
) -> None:
    results = make_results(("kcf-v1", "my_tracker.x", "z"), lengths=(20, 40)).results
    text = render(results, options)
    tables = arrange(results, options).tables
    found = page(text)
    for shown, table in zip(found.tables, tables, strict=True):
        before = [""] * (1 + len(table.overview))
        groups = [[heading] + [""] * (len(lengths) - 1) for heading, lengths in table.groups]
        lengths = [str(length) for _, lengths in table.groups for length in lengths]
        assert shown[0] == sum(groups, before)
        assert shown[1] == [table.corner, *table.overview, *lengths]
        body = [[cell.replace("\N{NO-BREAK SPACE}", "") for cell in row] for row in shown[2:]]
        assert body == [
            [row.label, *row.overview, *(entry.text() for entry in row.entries)]
            for row in table.rows
        ]
    assert found.titles == [table.title for table in tables if table.title]


def test_the_best_are_bold(make_results: MakeResults) -> None:
    results = make_results(lengths=(20, 40)).results
    (table,) = arrange(results, SUMMARY).tables
    best = [entry.text() for row in table.rows for entry in row.entries if entry.best]
    assert len(best) >= 4
    assert page(render(results, SUMMARY)).bold == [name for name, _ in table.groups] + best


@pytest.mark.parametrize("options", OPTIONS)
def test_the_notes_read_as_they_are_written(
    make_results: MakeResults, options: ReportOptions
) -> None:
    results = make_results(parameters={"n_x": "*|<b>"}).results
    assert page(render(results, options)).items == list(arrange(results, options).notes)


# A renderer fills up and cuts off rows, so the cells are counted in the text.
@pytest.mark.parametrize("options", OPTIONS)
def test_every_row_has_the_same_number_of_cells(
    make_results: MakeResults, options: ReportOptions
) -> None:
    results = make_results(("kcf-v1", "my_tracker.x", "z"), lengths=(20, 40)).results
    parts = [part.splitlines() for part in render(results, options).split("\n\n")]
    tables = [part for part in parts if part[0].startswith("|")]
    for rows, table in zip(tables, arrange(results, options).tables, strict=True):
        columns = 1 + len(table.overview) + sum(len(lengths) for _, lengths in table.groups)
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {columns + 1}


@pytest.mark.parametrize("options", [SUMMARY, PAPER])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_reads_as_itself_and_is_no_markup(
    make_results: MakeResults, name: str, options: ReportOptions
) -> None:
    results = make_results((name,)).results
    shown = page(render(results, options))
    (table,) = shown.tables
    assert name in (table[0] if options.layout is Layout.PAPER else [row[0] for row in table])
    assert any(item.startswith(f"{name}: ") for item in shown.items)
    plain = page(render(make_results(("a",)).results.only(["a"], list(results.datasets)), options))
    assert shown.tags == plain.tags


@pytest.mark.parametrize("options", [SUMMARY, PAPER])
def test_a_data_set_of_any_name_keeps_its_row(
    make_results: MakeResults, options: ReportOptions
) -> None:
    shown = page(render(make_results(datasets=("a_b_c.d-v1",)).results, options))
    (table,) = shown.tables
    assert "a_b_c.d-v1" in (table[0] if options is SUMMARY else [row[0] for row in table])
