"""The tables that ``trackbench run`` prints, in real terminals of several widths and in a pipe."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from terminal import seen_on_terminal

from trackbench.report_contract import Layout, ReportOptions
from trackbench.reports.footer import footer
from trackbench.reports.markdown import render as render_markdown
from trackbench.reports.measures import measures
from trackbench.reports.paper_layout import side_by_side
from trackbench.reports.terminal import render
from trackbench.results.directory import Results

PRINT = """
import sys
from trackbench.cli.streams import Streams
from trackbench.cli.console import output
from trackbench.reports.terminal import print_tables
from trackbench.results.directory import Results
streams = Streams()  # as the command line has them
print_tables(Results.load(sys.argv[1]), output(), with_published=True)
streams.finish()
"""
TRACKERS = (
    "kcf-v1",
    "rectracker-att1-v1",
    "my_tracker.with-a-very_long.name-of-some-fifty-letters",
)

MakeResults = Callable[..., Any]


def in_terminal(path: Path, width: int) -> str:
    """Print the tables of a results directory in a terminal and return what is seen."""
    code, lines = seen_on_terminal([sys.executable, "-c", PRINT, str(path)], width, PYTHONUTF8="1")
    assert code == 0, lines
    return "\n".join(lines)


def in_pipe(path: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PRINT, str(path)],
        capture_output=True,
        env=os.environ | environment,
        check=True,
        timeout=60,
    )
    return done.stdout.decode(environment.get("PYTHONIOENCODING", "utf-8"))


def expected_numbers(results: Results) -> list[str]:
    options = ReportOptions(with_published=True)
    (iou,) = measures(results, options)
    return sorted(
        text
        for table in side_by_side(results, iou, options)
        for row in table.rows
        for text in (entry.text() for entry in row.entries)
        if text != "–"
    )


def shown_numbers(text: str) -> list[str]:
    table = "\n".join(line for line in text.splitlines() if line.startswith(("│", "|")))
    return sorted(re.findall(r"\d\.\d\d ± \d\.\d\d|[+-]\d\.\d\d", table))


@pytest.mark.thorough
@pytest.mark.parametrize(("width", "side_by_side"), [(40, False), (80, False), (140, True)])
def test_every_number_is_shown_whole_in_a_terminal_of_any_width(
    make_results: MakeResults, width: int, *, side_by_side: bool
) -> None:
    made = make_results(TRACKERS, lengths=(20, 40, 80, 160))
    seen = in_terminal(made.path, width)
    assert shown_numbers(seen) == expected_numbers(made.results)
    assert "…" not in seen
    assert max(map(len, seen.splitlines())) <= width
    squeezed = re.sub(r"\s+", "", seen)
    assert all(tracker in squeezed for tracker in TRACKERS)
    assert (re.search(r"kcf-v1 +my_tracker", seen) is not None) == side_by_side


@pytest.mark.thorough
def test_a_pipe_gets_whole_lines_without_colours(make_results: MakeResults) -> None:
    long = {"words": "many words " * 40}
    made = make_results(TRACKERS, lengths=(20, 40, 80, 160), parameters=long)
    text = in_pipe(made.path)
    assert "\x1b" not in text
    assert "…" not in text
    assert shown_numbers(text) == expected_numbers(made.results)
    notes = footer(made.results, with_published=True)
    assert text.splitlines()[-len(notes) :] == notes


@pytest.mark.thorough
def test_a_terminal_without_unicode_gets_ascii(make_results: MakeResults) -> None:
    made = make_results(TRACKERS[:1], lengths=(20,))
    text = in_pipe(made.path, PYTHONIOENCODING="ascii")
    assert "?" not in text
    shown = shown_numbers(text.replace("+-", "±"))
    assert shown == expected_numbers(made.results)


@pytest.mark.thorough
def test_a_name_moves_nothing_on_the_terminal(make_results: MakeResults) -> None:
    made = make_results(("\x1b[31mred\x07", "a\u202eb\nc"), ("\x1b]0;title\x07",), lengths=(20,))
    text = in_pipe(made.path)
    assert r"\x1b[31mred\x07" in text
    assert r"a\u202eb\nc" in text
    assert r"\x1b]0;title\x07" in text
    assert [line for line in text.split("\n") if not line.isprintable()] == []
    assert shown_numbers(text) == expected_numbers(made.results)


def test_results_print_themselves(make_results: MakeResults) -> None:
    made = make_results(TRACKERS, lengths=(20, 40, 80, 160))
    shown = str(made.results)
    (iou,) = measures(made.results, ReportOptions())
    means = [f"{number.mean:.2f} ± {number.std:.2f}" for number in iou.numbers.values()]
    assert sorted(re.findall(r"\d\.\d\d ± \d\.\d\d", shown)) == sorted(means)
    assert footer(made.results)[0] in shown


@pytest.mark.parametrize("layout", list(Layout))
def test_as_a_format_it_shows_what_markdown_does(make_results: MakeResults, layout: Layout) -> None:
    results = make_results(TRACKERS, lengths=(20, 40, 80, 160)).results
    options = ReportOptions(layout, intervals=True, metrics=("auc@otb",))
    text, markdown = render(results, options), render_markdown(results, options)
    assert shown_numbers(text) == shown_numbers(markdown)
    assert "…" not in text
    ranks = re.findall(r"^. *(?:kcf|rect|my_)\S* *. *(\d) ", text, re.MULTILINE)
    assert bool(ranks) == (layout is Layout.SUMMARY)
    for note in footer(results):
        assert note in text
