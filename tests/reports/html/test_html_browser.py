"""The page in a real Chromium: what it loads, how it sorts, whether it can be read by everybody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from trackbench.report_contract import ReportOptions
from trackbench.reports.html.diagnosis import (
    DiagnosisSection,
    HeatCell,
    HeatMap,
    SuiteSection,
    Told,
)
from trackbench.reports.html.page import render
from trackbench.reports.html.templates import filled
from trackbench.reports.html.tracker_styles import MARKERS, Look
from trackbench.reports.tracker_colours import TRACKER_COLOURS

TRACKERS = ("good-v1", "<script>alert(1)", '"><img src=x onerror=alert(1)>', "a_long_name" * 6)
DESKTOP, PHONE = (1280, 900), (390, 844)


@pytest.fixture(scope="module")
def file(track: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a report with everything that a report can have."""
    made = track(TRACKERS, sequences=30, lengths=(5, 10, 20, 40), failing=[TRACKERS[1]])

    def frames(dataset: str, sequence: int, length: int) -> NDArray[np.uint8]:  # noqa: ARG001
        rng = np.random.default_rng(sequence)
        return rng.integers(0, 255, (length, 100, 100), dtype=np.uint8)

    path = tmp_path_factory.mktemp("page") / "report.html"
    text = render(made.results, ReportOptions(frames=frames, intervals=True))
    path.write_text(text, encoding="utf-8")
    return path


class Opened:
    """The page in a tab of its own, and everything it complained about or asked for."""

    def __init__(self, browser: Browser, file: Path, size: tuple[int, int], scheme: str) -> None:
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def column(self, number: int) -> list[str]:
        """Return what stands in a column of the table of scores, the first line of each cell."""
        cells = self.page.locator(f"#scores .sortable tbody tr > :nth-child({number + 1})")
        return [text.split("\n")[0].strip() for text in cells.all_inner_texts()]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.thorough
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_complains_of_nothing_and_loads_nothing(
    browser: Browser, file: Path, size: tuple[int, int], scheme: str
) -> None:
    with Opened(browser, file, size, scheme) as opened:
        pictures = opened.page.locator("img")
        assert pictures.count() == 3 * 8 * len(TRACKERS)
        assert pictures.evaluate_all("all => all.every(i => i.complete && i.naturalWidth > 0)")
        opened.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        opened.page.wait_for_timeout(200)
        assert opened.complaints == []
        asked = [url for url in opened.requests if not url.startswith("data:")]
        assert asked == [file.as_uri()]


@pytest.mark.thorough
def test_no_name_became_an_element(browser: Browser, file: Path) -> None:
    with Opened(browser, file, DESKTOP, "light") as opened:
        assert opened.page.locator("script").count() == 2  # what is done, and what with
        assert opened.page.locator("[onerror]").count() == 0
        named = opened.page.locator("#scores .sortable tbody th").all_inner_texts()
        assert sorted(text.strip() for text in named) == sorted(TRACKERS)


@pytest.mark.thorough
@pytest.mark.parametrize("by", ["click", "Enter", "Space"])
def test_tables_sort(browser: Browser, file: Path, by: str) -> None:
    with Opened(browser, file, DESKTOP, "light") as opened:
        head = opened.page.locator("#scores .sortable thead tr").last.locator("th").nth(4)
        button = head.locator("button")

        def press() -> None:
            if by == "click":
                button.click()
            else:
                button.focus()
                opened.page.keyboard.press(by)

        means = [float(text) for text in opened.column(4)]
        assert len(set(means)) == len(TRACKERS)
        assert head.get_attribute("aria-sort") is None
        press()
        assert [float(text) for text in opened.column(4)] == sorted(means, reverse=True)
        assert head.get_attribute("aria-sort") == "descending"
        press()
        assert [float(text) for text in opened.column(4)] == sorted(means)
        assert head.get_attribute("aria-sort") == "ascending"
        names = opened.page.locator("#scores .sortable thead tr").last.locator("th").first
        names.locator("button").click()
        assert opened.column(0) == sorted(TRACKERS, key=_collated)
        assert names.get_attribute("aria-sort") == "ascending"
        assert head.get_attribute("aria-sort") is None
        assert opened.complaints == []


def _collated(name: str) -> str:
    """Return a key that puts punctuation before letters, as Unicode's collation does."""
    return name.replace("<", "\x02").replace('"', "\x01")


@pytest.mark.thorough
def test_what_is_missing_is_sorted_last(
    browser: Browser, track: Callable[..., Any], tmp_path: Path
) -> None:
    made = track(["a", "b", "c"], ["x", "y"], without=[("b", "x")])
    path = tmp_path / "report.html"
    path.write_text(render(made.results, ReportOptions()), encoding="utf-8")
    with Opened(browser, path, DESKTOP, "light") as opened:
        button = opened.page.locator("#scores .sortable thead tr").last.locator("button").nth(3)
        for _ in range(2):
            button.click()
            assert opened.column(0)[-1] == "b"


@pytest.mark.thorough
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_page_never_scrolls_sideways(browser: Browser, file: Path, width: int) -> None:
    with Opened(browser, file, (width, 844), "light") as opened:
        opened.page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert opened.page.evaluate(wide) == 0
        table = opened.page.locator("#scores .scroll")
        assert table.get_attribute("tabindex") == "0"
        if width == 390:
            assert table.evaluate("box => box.scrollWidth > box.clientWidth")
        wider = """all => all.filter(c => c.getBoundingClientRect().width
          > c.closest(".scroll").getBoundingClientRect().width).length"""
        assert opened.page.locator(".scroll caption").evaluate_all(wider) == 0


@pytest.mark.thorough
def test_no_word_of_a_heat_map_is_broken(browser: Browser, tmp_path: Path) -> None:
    """On a phone the table scrolls, and the names of factors stay in view."""
    looks = tuple(Look(f"t{n}-v1", f"t{n}-v1", f"t{n}-v1", n, n, MARKERS[n]) for n in range(6))
    cells = (HeatCell("-.57*", "at 0.125", 6),) * len(looks)
    heat = HeatMap(looks, (("brightness", cells), ("distance to the distractor", cells)))
    told = tuple(Told(look, ".93 on the base", "loses most to brightness.") for look in looks)
    suite = SuiteSection("factors-v1", told, heat, (), None, ())
    section = DiagnosisSection((suite,), ())
    path = tmp_path / "why.html"
    text = filled("diagnosis_page.html.jinja", section=section, looks=looks)
    path.write_text(text, encoding="utf-8")
    lines = """heads => heads.map(head => {
      const range = document.createRange();
      range.selectNodeContents(head);
      return range.getClientRects().length;
    })"""
    with Opened(browser, path, PHONE, "dark") as opened:
        heads = opened.page.locator(".heat tbody th")
        assert heads.evaluate_all(lines)[0] == 1
        opened.page.locator(".scroll").evaluate("box => box.scrollLeft = 200")
        assert all(
            box >= 0
            for box in heads.evaluate_all(
                "heads => heads.map(head => head.getBoundingClientRect().left)"
            )
        )


@pytest.mark.thorough
def test_names_in_charts_overlap_nothing(
    browser: Browser, track: Callable[..., Any], tmp_path: Path
) -> None:
    """Eight lines, most of them close together at the bottom."""
    made = track([f"a-tracker-{i}-v1" for i in range(8)], ["d"], sequences=12, lengths=(40,))
    path = tmp_path / "report.html"
    path.write_text(render(made.results, ReportOptions()), encoding="utf-8")
    overlaps = """charts => charts.flatMap(chart => {
      const boxes = [...chart.querySelectorAll('text.label')].map(t => t.getBoundingClientRect());
      const frame = chart.getBoundingClientRect();
      return boxes.flatMap((a, i) => boxes.slice(i + 1)
        .filter(b => a.left < b.right && b.left < a.right
          && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.35 * a.height)
        .concat(a.right > frame.right + 1 ? [a] : []));
    }).length"""
    for size in (DESKTOP, PHONE):
        with Opened(browser, path, size, "light") as opened:
            charts = opened.page.locator("svg.chart")
            assert charts.locator("text.label").count() == 8 * charts.count() > 8 * 5
            assert charts.evaluate_all(overlaps) == 0


@pytest.mark.thorough
def test_dark_mode_is_dark(browser: Browser, file: Path, scheme: str) -> None:
    with Opened(browser, file, DESKTOP, scheme) as opened:
        ground = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
        brightness = sum(opened.page.evaluate(ground)) / 3
        assert brightness < 40 if scheme == "dark" else brightness > 220


@pytest.mark.thorough
def test_print_is_light_and_without_navigation(browser: Browser, file: Path) -> None:
    with Opened(browser, file, DESKTOP, "dark") as opened:
        opened.page.emulate_media(media="print")
        ground = "getComputedStyle(document.body).backgroundColor"
        assert opened.page.evaluate(ground) == "rgb(255, 255, 255)"
        assert not opened.page.locator("nav").is_visible()
        assert not opened.page.locator("details.data").first.is_visible()
        assert opened.page.pdf().startswith(b"%PDF")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        (DESKTOP, "light"),
        (PHONE, "dark"),
        (DESKTOP, "dark"),
        (PHONE, "light"),
    ],
    ids=["desktop-light", "phone-dark", "desktop-dark", "phone-light"],
)
def test_axe_finds_no_violation(
    browser: Browser, file: Path, size: tuple[int, int], scheme: str
) -> None:
    with Opened(browser, file, size, scheme) as opened:
        opened.page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
        found = Axe().run(opened.page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.thorough
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_words_of_a_chart_are_cut_off(
    browser: Browser, file: Path, size: tuple[int, int]
) -> None:
    with Opened(browser, file, size, "light") as opened:
        beyond = opened.page.evaluate(
            """() => [...document.querySelectorAll(".chart text")].filter((text) => {
              const [box, own] = [text.getBoundingClientRect(),
                                  text.ownerSVGElement.getBoundingClientRect()];
              return box.width && (box.left < own.left - 1 || box.right > own.right + 1);
            }).map((text) => text.textContent)"""
        )
    assert beyond == []


@pytest.mark.thorough
def test_film_strips_have_their_trackers_colours(browser: Browser, file: Path) -> None:
    with Opened(browser, file, DESKTOP, "light") as opened:
        found = opened.page.evaluate(
            """() => [...document.querySelectorAll(".tracker[data-tracker]")].map((own) => [
              own.querySelector("h3 .swatch").className.baseVal.match(/s\\d/)[0],
              ...new Set([...own.querySelectorAll(".shot .predicted")].map(
                (box) => getComputedStyle(box).stroke))])"""
        )
    colours = {f"s{n}": f"rgb({', '.join(map(str, c))})" for n, c in enumerate(TRACKER_COLOURS)}
    assert len(found) == len(TRACKERS)
    assert found == [[number, colours[number]] for number, *_ in found]
