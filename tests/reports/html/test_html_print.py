"""The page on paper: whether every number is there and nothing is cut off, in a real Chromium."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from trackbench.report_contract import ReportOptions
from trackbench.reports.html.page import render
from trackbench.results.directory import Results

WIDTH = 688
"""CSS pixels between the margins of a sheet of A4."""
DATASETS = tuple(
    f"mnist-{kind}-{digits}-v1"
    for kind in ("single", "multi", "textured")
    for digits in ("same", "diff")
)
LENGTHS = (20, 40, 80, 160)
TRACKERS = ("kcf-v1", "a_fifty_letter_name" + 31 * "m", *(f"tracker-number-{i}" for i in range(10)))
OPTIONS = {
    "plain": ReportOptions(),
    "all": ReportOptions(intervals=True, with_published=True),
}
LONG_DATASETS = ("d" * 50, "e" * 50)

BEYOND = """width => [...document.querySelectorAll('main *, header *, footer *')]
  .filter(e => e.checkVisibility() && !e.closest('.hidden') && !e.closest('svg'))
  .filter(e => e.getBoundingClientRect().right > width + 0.5 || e.scrollWidth > e.clientWidth + 1
    && e.matches('div, th, td'))
  .map(e => `${e.tagName}.${e.className}: ${e.textContent.slice(0, 60)}`)"""
"""What lies, or has something that lies, right of the page."""
SEEN = """root => [...document.querySelectorAll(root + ' table')].filter(t => t.checkVisibility())
  .flatMap(t => {
    const groups = [...t.tHead.rows[0].cells].flatMap(c => Array(c.colSpan).fill(c.textContent));
    const heads = [...t.tHead.rows[1].cells].map(c => c.textContent);
    return [...t.tBodies[0].rows].flatMap(row => [...row.cells].slice(3).map((c, i) => [
      row.cells[0].textContent, groups[i + 3], heads[i + 3], c.innerText]));
  })"""
"""Tracker, data set, length and text of every cell of scores that can be seen."""


def printed(browser: Browser, results: Results, options: ReportOptions, folder: Path) -> Page:
    """Return the report as it is printed, in a tab as wide as the paper."""
    path = folder / "report.html"
    path.write_text(render(results, options), encoding="utf-8")
    page = browser.new_context(viewport={"width": WIDTH, "height": 971}).new_page()
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    return page


@pytest.fixture(scope="module")
def many(track: Callable[..., Any]) -> Results:
    found: Results = track(
        TRACKERS, DATASETS, lengths=LENGTHS, sequences=6, failing=TRACKERS[1:3]
    ).results
    return found


@pytest.mark.thorough
@pytest.mark.parametrize("asked", ["plain", "all"])
def test_every_score_is_on_the_paper(
    browser: Browser, many: Results, asked: str, tmp_path: Path
) -> None:
    page = printed(browser, many, OPTIONS[asked], tmp_path)
    assert page.evaluate(BEYOND, WIDTH) == []
    cells = page.evaluate(SEEN, "#scores")
    assert len(cells) == len(TRACKERS) * len(DATASETS) * len(LENGTHS)
    first_lines = Counter((who, length, text.split()[0]) for who, _, length, text in cells)
    assert first_lines == Counter(
        (cell.tracker, str(cell.length), f"{cell.mean:.2f}") for cell in many.cells()
    )
    assert len({dataset for _, dataset, _, _ in cells}) == len(DATASETS)
    said = " ".join(text for *_, text in cells)
    assert ("printed" in said, "[" in said) == (asked == "all", asked == "all")
    page.context.close()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("datasets", "lengths"),
    [
        (DATASETS[:2], LENGTHS),
        (LONG_DATASETS, (20, 40)),
        (LONG_DATASETS, tuple(range(10, 30))),
    ],
    ids=["uncut", "long names", "many lengths"],
)
def test_nothing_is_cut_off(
    browser: Browser,
    track: Callable[..., Any],
    tmp_path: Path,
    datasets: tuple[str, ...],
    lengths: tuple[int, ...],
) -> None:
    results = track(
        TRACKERS[:4], datasets, lengths=lengths, sequences=6, failing=TRACKERS[1:3]
    ).results
    page = printed(browser, results, OPTIONS["all"], tmp_path)
    assert page.evaluate(BEYOND, WIDTH) == []
    assert len(page.evaluate(SEEN, "#scores")) == 4 * len(datasets) * len(lengths)
    page.context.close()


@pytest.mark.thorough
def test_parts_are_on_paper_alone(
    browser: Browser, track: Callable[..., Any], tmp_path: Path
) -> None:
    made = track(TRACKERS[:3], DATASETS, lengths=LENGTHS, sequences=6, failing=TRACKERS[1:2])
    page = printed(browser, made.results, OPTIONS["all"], tmp_path)
    parts, whole = page.locator("#scores .part"), page.locator("#scores .sortable")
    assert parts.count() == len(DATASETS) / 2
    assert parts.first.is_visible()
    assert not whole.is_visible()
    assert Axe().run(page).violations_count == 0
    page.emulate_media(media="screen")
    assert whole.is_visible()
    assert not parts.first.is_visible()
    assert Axe().run(page).violations_count == 0
    page.context.close()
