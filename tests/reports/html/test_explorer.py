"""The page searched, filtered and played in a real Chromium, as a person would."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from stored import MadeUp, store_run

from trackbench.contracts import TrackerSpec
from trackbench.report_contract import ReportOptions
from trackbench.reports.html.page import render
from trackbench.results.directory import Results

pytestmark = pytest.mark.thorough
TRACKERS = ("first-v1", "second", "<!--<script><b>third")


@pytest.fixture(scope="module")
def made(track: Callable[..., Any]) -> Any:
    return track(TRACKERS, ["one-v1", "two"], sequences=30, lengths=(12,))


@pytest.fixture(scope="module")
def file(made: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def frames(_: str, sequence: int, length: int) -> np.ndarray:
        return np.full((length, 100, 100), 40 + sequence, np.uint8)

    path = tmp_path_factory.mktemp("explorer") / "report.html"
    path.write_text(render(made.results, ReportOptions(frames=frames)), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    yield page
    page.close()
    assert complaints == []


def rows(page: Page) -> list[list[str]]:
    """Return the texts of the table of sequences."""
    script = "table => [...table.tBodies[0].rows].map(r => [...r.cells].map(c => c.textContent))"
    found: list[list[str]] = page.locator("#every").evaluate(script)
    return found


def test_sequences_come_by_the_difference_of_the_two_that_are_chosen(page: Page, made: Any) -> None:
    page.locator("#first").select_option(label="second")
    page.locator("#second").select_option(label=TRACKERS[2])
    scores = {key: iou.mean(axis=1) for key, iou in made.iou.items()}
    expected = sorted(
        (
            abs(scores["second", dataset][n] - scores[TRACKERS[2], dataset][n])
            for dataset in ("one-v1", "two")
            for n in range(30)
        ),
        reverse=True,
    )
    shown = [abs(float(row[2])) for row in rows(page)]
    assert len(shown) == 50
    assert shown == pytest.approx(expected[:50], abs=0.00501)
    name, _, difference, *_ = rows(page)[0]
    dataset, n = name.removeprefix("▶ ").split(", ")
    first, second = (scores[tracker, dataset][int(n)] for tracker in TRACKERS[1:])
    assert float(difference) == pytest.approx(first - second, abs=0.00501)
    page.locator("#more").click()
    assert len(rows(page)) == 60
    assert not page.locator("#more").is_visible()


def test_a_search_shows_what_it_names_and_nothing_else(page: Page) -> None:
    time, bounce = page.locator("#time figure"), page.locator("#attributes figure")
    assert time.count() == 2
    page.locator("#search").fill("one second")
    assert [figure.is_visible() for figure in time.all()] == [True, False]
    lines = time.first.locator("svg.chart g[data-tracker] path.line")
    assert [line.is_visible() for line in lines.all()].count(True) == 1
    assert page.locator("#scores .sortable tbody tr:visible").count() == 1
    assert {row[0].removeprefix("▶ ").split(",")[0] for row in rows(page)} == {"one-v1"}
    page.locator("#search").fill("visibility")
    shown = [figure.locator("h3").inner_text() for figure in bounce.all() if figure.is_visible()]
    assert shown == ["Visibility"]
    page.locator("#search").fill("")
    page.locator("#only-dataset").select_option("two")
    assert [figure.is_visible() for figure in time.all()] == [False, True]
    page.reload()  # what was chosen is kept
    assert [figure.is_visible() for figure in time.all()] == [False, True]


def test_a_click_plays_a_sequence_with_boxes_that_can_be_taken_away(page: Page, made: Any) -> None:
    strip = page.locator(".strip").first
    strip.locator("button.play").click()
    assert page.locator("#player").is_visible()
    assert page.locator("#stage rect").count() == 2  # the truth, and the strip's tracker
    page.locator("#frame").focus()
    page.keyboard.press("End")
    assert page.locator("#at").inner_text() == "frame 11"
    clip = strip.locator("figcaption").get_attribute("data-clip")
    assert clip is not None
    place, n = map(int, clip.split("/"))
    dataset = ("one-v1", "two")[place]
    box = made.truth[dataset][n, 11]
    drawn = page.locator("#stage rect.truth")
    seen = [float(drawn.get_attribute(name) or "") for name in ("x", "y", "width", "height")]
    assert seen == pytest.approx(box.tolist(), abs=0.06)
    for each in page.locator("#boxes input").all():
        each.check()
    assert page.locator("#stage rect").count() == 1 + len(TRACKERS)
    page.locator("#toggle").click()
    expect(page.locator("#at")).not_to_have_text("frame 11")
    page.keyboard.press("Escape")
    assert not page.locator("#player").is_visible()


def test_what_is_not_embedded_has_no_button_and_a_script_cannot_end_early(
    page: Page, file: Path
) -> None:
    data = json.loads(page.locator("#data").text_content() or "")
    buttons = page.locator("#every tbody button").count()
    assert 0 < buttons <= len(data["clips"]) <= 3 * len(TRACKERS)
    assert data["trackers"][0]["id"] in TRACKERS
    assert "<!--<script><b>" not in file.read_text()


def test_scores_are_rounded_as_in_the_other_tables(browser: Browser, tmp_path: Path) -> None:
    """Python rounds ties to the even digit, and writes no zero below zero; a browser does not."""
    truth = np.tile([10.0, 10, 20, 20], (5, 8, 1))
    ties = np.array([0.125, 0.375, 0.625, 0.875, 0.5])[:, None] * np.ones(8)
    for tracker, iou in (("a", ties), ("b", ties + 0.003), ("c", 1 - ties)):
        spec = TrackerSpec(id=tracker, factory="a:b")
        store_run(tmp_path / "r", MadeUp("d", "0" * 64, 0, truth), spec, truth, iou=iou)
    file = tmp_path / "report.html"
    options = ReportOptions(per_sequence=True)
    file.write_text(render(Results.load(tmp_path / "r"), options), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    for select, tracker in (("#first", "a"), ("#second", "b")):
        page.locator(select).select_option(tracker)
    script = "t => [...t.rows].map(r => [...r.cells].map(c => c.textContent.trim()))"
    heads, *lines = page.locator("#every").evaluate(script)
    python, *known = page.locator("#sequences details table").first.evaluate(script)
    for line in lines:
        scores = dict(zip(heads[3:], line[3:], strict=True))
        (own,) = [row for row in known if row[0] == line[0].rpartition(" ")[2]]
        assert scores == dict(zip(python[2:], own[2:], strict=True))
        assert line[2] == "0.00"
    page.close()
