"""Data sets of different lengths in one directory: each scored at its own, in every format."""

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trackbench.analysis.baseline import baseline_of
from trackbench.analysis.comparison import compare
from trackbench.analysis.regression import check
from trackbench.analysis.verdict import Limits
from trackbench.cli.console import output
from trackbench.metrics import METRICS
from trackbench.report_contract import Layout, ReportOptions
from trackbench.reports.html.page import render as render_html
from trackbench.reports.latex import render as render_latex
from trackbench.reports.markdown import render as render_markdown
from trackbench.reports.rows import render_csv, render_json
from trackbench.reports.terminal import print_tables

MakeResults = Callable[..., Any]

LENGTHS = {"short-v1": (2, 5), "long-v1": (5, 9), "one-v1": (7,)}
TRACKERS = ("a", "b", "c")
EVERYTHING = ReportOptions(
    intervals=True, with_published=True, metrics=tuple(metric.id for metric in METRICS)
)


@pytest.fixture
def made(make_results: MakeResults) -> Any:
    for name, lengths in LENGTHS.items():
        found = make_results(TRACKERS, (name,), lengths=lengths, sequences=7)
    return found


def expected(made: Any) -> dict[tuple[str, str, int], float]:
    return {
        (tracker, name, length): made.iou[tracker, name][:, :length].mean()
        for tracker in TRACKERS
        for name, lengths in LENGTHS.items()
        for length in lengths
    }


@pytest.mark.thorough
def test_cells_and_rows_are_those_of_each_data_set(made: Any) -> None:
    found = {(c.tracker, c.dataset, c.length): c.mean for c in made.results.cells()}
    assert found == pytest.approx(expected(made))
    for options in (ReportOptions(), EVERYTHING):
        rows = json.loads(render_json(made.results, options))
        assert {(r["tracker"], r["dataset"], r["length"]): r["mean"] for r in rows} == found
        lines = list(csv.DictReader(io.StringIO(render_csv(made.results, options))))
        keys = [(r["tracker"], r["dataset"], int(r["length"])) for r in lines]
        assert {key: float(row["mean"]) for key, row in zip(keys, lines, strict=True)} == found


def numbers(row: str, cell: str) -> list[str]:
    return re.findall(cell, row)


def test_markdown_has_a_column_for_what_there_is(made: Any) -> None:
    true = expected(made)
    text = render_markdown(made.results, ReportOptions())
    columns = [(name, n) for name in ("long-v1", "one-v1", "short-v1") for n in LENGTHS[name]]
    heads = [line for line in text.splitlines() if line.startswith("| Tracker")]
    order = [int(n) for line in heads for n in re.findall(r"\d+", line)]
    assert sorted(order) == sorted(n for _, n in columns)
    for tracker in TRACKERS:
        row = next(line for line in text.splitlines() if line.startswith(f"| {tracker} |"))
        shown = numbers(row, r"([0-9.]+) ± ")
        assert sorted(shown) == sorted(f"{true[tracker, *column]:.2f}" for column in columns)
        assert "–" not in row


@pytest.mark.parametrize("render", [render_markdown, render_latex])
def test_side_by_side_a_length_that_a_data_set_has_not_is_empty(
    made: Any, render: Callable[..., str]
) -> None:
    true = expected(made)
    text = render(made.results, ReportOptions(layout=Layout.PAPER))
    every = sorted({n for lengths in LENGTHS.values() for n in lengths})
    splits = r"\s*\|\s*" if render is render_markdown else r"\s*&\s*|\s*\\\\"
    for name, lengths in LENGTHS.items():
        rows = [
            re.split(splits, line.strip().strip("|").strip())
            for line in text.splitlines()
            if line.strip(" |").startswith(name)
        ]
        cells = [cell for row in rows for cell in row[1:] if cell]
        assert len(cells) == len(every) * len(TRACKERS)
        for place, tracker in enumerate(TRACKERS):
            for column, length in enumerate(every):
                cell = cells[place * len(every) + column]
                if length in lengths:
                    assert f"{true[tracker, name, length]:.2f}" in cell
                else:
                    assert cell in {"–", "--"}


@pytest.mark.thorough
def test_the_page_and_the_terminal(made: Any, capsys: pytest.CaptureFixture[str]) -> None:
    true = expected(made)
    page = render_html(made.results, EVERYTHING)
    assert set(re.findall(r"<caption>[^<]*?(\S+-v1), (\d+) frames", page)) == {
        (name, str(max(lengths))) for name, lengths in LENGTHS.items()
    }
    for value in true.values():
        assert f"{value:.2f}" in page
    print_tables(made.results, output(), with_published=False)
    shown = capsys.readouterr().out
    for name, lengths in LENGTHS.items():
        row = next(line for line in shown.splitlines() if line.strip(" │┃").startswith(name))
        found = numbers(row, r"([0-9.]+) ± ")
        assert found == [f"{true[t, name, n]:.2f}" for t in TRACKERS[:2] for n in lengths]


def test_compare_baseline_and_check(made: Any) -> None:
    results = made.results
    found = compare(results, list(TRACKERS))
    first = {(d.dataset, d.length): d.first_mean for d in found.differences if d.first == "a"}
    true = expected(made)
    assert first == pytest.approx(
        {(name, n): true["a", name, n] for name, lengths in LENGTHS.items() for n in lengths}
    )
    assert [ranking.length for ranking in found.rankings] == []  # no length that all have
    baseline = baseline_of(results)
    assert {d.id: d.lengths for d in baseline.datasets} == LENGTHS
    verdict = check(made.path, baseline, Limits())
    cells = {(c.tracker, c.dataset, c.length): c.after for c in verdict.cells}
    assert cells == pytest.approx(true, abs=1e-4)
    assert not verdict.regressed


@pytest.mark.thorough
def test_a_metric_is_scored_at_each_data_sets_own_lengths(made: Any) -> None:
    for run in made.results.runs:
        lengths = LENGTHS[run.dataset.id]
        for metric, scores in zip(METRICS, run.metrics(METRICS), strict=True):
            assert scores.shape == (7, len(lengths))
            whole = np.concatenate([metric.of(chunk) for chunk in run.trajectories()])
            np.testing.assert_array_equal(scores[:, -1], whole)
