"""A page of two hundred trackers is of a size to be opened, and is searched in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from trackbench.report_contract import ReportOptions
from trackbench.reports.html.page import render
from trackbench.reports.tracker_order import MOST_TRACKERS

COUNT, DATASETS = 200, ("first-v1", "second-v1", "third-v1", "fourth-v1")

SHOWN = """() => [...document.querySelectorAll("table.sortable")].map(
    (table) => [...table.tBodies[0].rows].filter((row) => row.offsetParent).length)"""


@pytest.mark.thorough
def test_two_hundred_trackers_are_found_by_their_names(
    browser: Browser, track: Callable[..., Any], tmp_path: Path
) -> None:
    trackers = [f"tracker-{number:03}-v1" for number in range(COUNT)]
    results = track(trackers, DATASETS, sequences=3, lengths=(5,)).results
    file = tmp_path / "report.html"
    file.write_text(render(results, ReportOptions()), encoding="utf-8")
    assert file.stat().st_size < 10_000_000
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(file.as_uri())
    before = page.evaluate(SHOWN)
    assert before
    assert max(before) == COUNT
    assert page.locator("main li[data-tracker]:visible").count() >= MOST_TRACKERS
    page.locator("#search").fill("tracker-17")
    after = page.evaluate(SHOWN)
    assert [now for now, then in zip(after, before, strict=True) if then == COUNT] == [
        10 for then in before if then == COUNT
    ]
    page.locator("#search").fill("")
    page.locator("#only-tracker").select_option(label="tracker-003-v1")
    assert {
        now for now, then in zip(page.evaluate(SHOWN), before, strict=True) if then == COUNT
    } == {1}
    page.locator("#only-tracker").select_option(index=0)
    assert page.evaluate(SHOWN) == before
    assert failed == []
    page.close()
