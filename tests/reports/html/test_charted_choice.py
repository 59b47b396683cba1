"""How many trackers tiles and charts have is the reader's choice, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from trackbench.report_contract import ReportOptions
from trackbench.reports.html.page import render
from trackbench.reports.tracker_order import MOST_DRAWN, MOST_TRACKERS, in_table_order

COUNT = MOST_DRAWN + 6


def shown(page: Page, where: str) -> list[str]:
    """Return the trackers of which something is seen there, in order."""
    found: list[str] = page.evaluate(
        """(where) => [...new Set([...document.querySelectorAll(`${where}[data-tracker]`)]
             .filter((e) => getComputedStyle(e).display !== "none")
             .map((e) => e.dataset.tracker))]""",
        where,
    )
    return found


@pytest.mark.thorough
def test_more_and_fewer_can_be_had_in_charts(
    browser: Browser, track: Callable[..., Any], tmp_path: Path
) -> None:
    trackers = [f"tracker-{number:02}-v1" for number in range(COUNT)]
    results = track(trackers, ["first-v1"], sequences=2, lengths=(5,)).results
    file = tmp_path / "report.html"
    file.write_text(render(results, ReportOptions()), encoding="utf-8")
    ranked = in_table_order(results).trackers
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(file.as_uri())
    choice = page.get_by_label("In charts")
    assert choice.evaluate("(e) => e.value") == str(MOST_TRACKERS)
    options = choice.locator("option").all_inner_texts()
    assert options == ["the best 3", "the best 6", "the best 12", "the best 24"]
    chart = "#time .chart "
    for most in (MOST_TRACKERS, 3, MOST_DRAWN, 6):
        choice.select_option(str(most))
        for where in (chart, ".tiles > ", "#time .legend > "):
            assert sorted(shown(page, where)) == sorted(ranked[:most])
        assert shown(page, ".tracker") == ranked[: min(most, MOST_TRACKERS)]
        rows = page.locator("#scores table tbody tr:visible").count()
        assert rows >= COUNT  # tables have all
    page.reload()
    assert choice.evaluate("(e) => e.value") == "6"  # it is remembered
    page.locator("#search").fill(ranked[MOST_DRAWN - 1])
    assert shown(page, chart) == [ranked[MOST_DRAWN - 1]]  # whoever asks for it sees it
    page.locator("#search").fill("")
    assert len(shown(page, chart)) == 6
    page.emulate_media(media="print")
    assert len(shown(page, chart)) == 6
    assert not failed
    page.close()


@pytest.mark.thorough
def test_without_a_script_the_best_are_shown(
    browser: Browser, track: Callable[..., Any], tmp_path: Path
) -> None:
    trackers = [f"tracker-{number:02}-v1" for number in range(COUNT)]
    results = track(trackers, ["first-v1"], sequences=2, lengths=(5,)).results
    file = tmp_path / "report.html"
    file.write_text(render(results, ReportOptions()), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    ranked = in_table_order(results).trackers
    assert page.locator(".tiles > li:visible").count() == MOST_TRACKERS
    assert page.locator("#time .chart g[data-tracker]:not(.beyond)").count() == 2 * MOST_TRACKERS
    assert page.locator(".tiles > li:visible").first.get_attribute("data-tracker") == ranked[0]
    assert not page.locator("#charted").is_visible()
    context.close()


def test_of_few_trackers_there_is_no_choice(track: Callable[..., Any]) -> None:
    three = track(["a-v1", "b-v1", "c-v1"], ["first-v1"], sequences=2, lengths=(5,)).results
    assert "In charts" not in render(three, ReportOptions())
    five = track([f"t{n}-v1" for n in range(5)], ["first-v1"], sequences=2, lengths=(5,)).results
    page = render(five, ReportOptions())
    assert '<option value="3">the best 3</option><option value="5" selected>all 5</option>' in page
