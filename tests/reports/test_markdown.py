"""The report read back with a Markdown renderer, raw HTML allowed as on GitHub."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt

from trackbench.reports.footer import footer
from trackbench.reports.markdown import render
from trackbench.reports.options import ReportOptions
from trackbench.reports.tables import paper_tables

PLAIN, WITH_PUBLISHED = ReportOptions(), ReportOptions(with_published=True)

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
    """What a reader sees: the cells of each table's rows, the items of the list, the tags used."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.items: list[str] = []
        self.tags: set[str] = set()
        self._reading: list[str] | None = None
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

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "li"):
            self._reading = None

    def handle_data(self, data: str) -> None:
        if self._reading is not None:
            self._reading[-1] += data


def page(text: str) -> Page:
    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return Page(renderer.render(text))


def test_the_table_reads_as_it_is_arranged(make_results: MakeResults) -> None:
    results = make_results(lengths=(20, 40)).results
    (shown,) = page(render(results, WITH_PUBLISHED)).tables
    (table,) = paper_tables(results, with_published=True)
    assert shown[0] == ["", "kcf-v1", "", "my_tracker.x", ""]
    assert shown[1] == ["Test Seq. Length", "20", "40", "20", "40"]
    body = [[cell.replace("\N{NO-BREAK SPACE}", "") for cell in row] for row in shown[2:]]
    assert body == [[row.label, *(entry.text() for entry in row.entries)] for row in table.rows]
    assert [row[0] for row in body] == [
        "MNIST-Single-Same",
        "printed",
        "difference",
        "MNIST-Multi-Diff",
        "printed",
        "difference",
    ]


def test_the_notes_read_as_they_are_written(make_results: MakeResults) -> None:
    results = make_results(parameters={"n_x": "*|<b>"}).results
    assert page(render(results, WITH_PUBLISHED)).items == footer(results, with_published=True)


# A renderer fills up and cuts off rows, so the cells are counted in the text.
@pytest.mark.parametrize("options", [PLAIN, WITH_PUBLISHED])
def test_every_row_has_the_same_number_of_cells(
    make_results: MakeResults, options: ReportOptions
) -> None:
    text = render(make_results(("kcf-v1", "my_tracker.x", "z"), lengths=(20, 40)).results, options)
    tables = [part.splitlines() for part in text.split("\n\n") if part.startswith("|")]
    assert len(tables) == 2
    for rows, columns in zip(tables, (1 + 2 * 2, 1 + 2), strict=True):
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {columns + 1}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_reads_as_itself_and_is_no_markup(make_results: MakeResults, name: str) -> None:
    results = make_results((name,)).results
    shown = page(render(results, PLAIN))
    assert shown.tables[0][0] == ["", name, "", ""]
    assert any(item.startswith(f"{name}: ") for item in shown.items)
    plain = page(render(make_results(("a",)).results.only(["a"], list(results.datasets)), PLAIN))
    assert shown.tags == plain.tags


def test_a_data_set_of_any_name_keeps_its_row(make_results: MakeResults) -> None:
    results = make_results(datasets=("a_b_c.d-v1",)).results
    shown = page(render(results, PLAIN))
    assert [row[0] for row in shown.tables[0]] == ["", "Test Seq. Length", "a_b_c.d-v1"]
