"""Trackers stand in one order, and have one colour, in everything that is shown of a directory."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import trackbench
from trackbench.report_contract import ReportOptions
from trackbench.reports.html import figures
from trackbench.reports.html.attribute_charts import by_attribute
from trackbench.reports.html.bins import bins_of_attributes
from trackbench.reports.html.curves import curves_of
from trackbench.reports.html.page import render
from trackbench.reports.html.template_files import read
from trackbench.reports.html.tracker_styles import looks_of
from trackbench.reports.tracker_colours import TRACKER_COLOURS
from trackbench.reports.tracker_order import MOST_DRAWN, colours_in
from trackbench.results.directory import Results


def _order(text: str, names: list[str]) -> list[str]:
    return sorted(names, key=text.index)


def test_notes_and_charts_have_the_order_of_the_table(track: Callable[..., Any]) -> None:
    names = ["alpha-v1", "beta-v1", "gamma-v1", "delta-v1"]
    results = track(names, ["first-v1", "second-v1"], sequences=3, lengths=(8,)).results
    table = trackbench.report(results, "csv").text
    assert set(names) <= set(re.findall(r"[a-z]+-v1", table))
    markdown = trackbench.report(results, "markdown").text
    scores, _, notes = markdown.partition("\n\n- ")
    ranked = _order(scores, names)
    assert ranked != sorted(names)  # else this would hold of names, too
    assert _order(notes, [f"{name}: " for name in names]) == [f"{name}: " for name in ranked]
    svg = trackbench.report(results, "svg").text
    assert _order(svg, [f">{name}</text>" for name in names]) == [
        f">{name}</text>" for name in ranked
    ]
    for form in ("text", "latex", "html-table"):
        text = trackbench.report(results, form).text
        assert _order(text, names) == ranked
        last = [text.rindex(f"{name}: ") for name in ranked]
        assert last == sorted(last)


def test_every_chart_has_that_order_whatever_is_best_in_it(track: Callable[..., Any]) -> None:
    names = ["alpha-v1", "beta-v1", "gamma-v1"]  # the best first, on every data set
    results = track(names, ["first-v1"], sequences=6, lengths=(12,)).results
    turned = results.in_order_of(names[::-1])
    bins = bins_of_attributes(turned)
    curves, looks = curves_of(turned, bins), looks_of(turned)
    for chart in (
        *figures.over_time(turned, curves, looks),
        *figures.success(turned, curves, looks),
        *by_attribute(turned, curves, looks, bins, ["first-v1"]),
        figures.speed_against_accuracy(turned, curves, looks, ["first-v1"]),
    ):
        assert chart is not None
        assert [series.look.tracker for series in chart.series] == names[::-1], chart.title
        words = str((chart.table.heads, chart.table.rows))
        assert _order(words, names) == names[::-1], chart.title


def test_frames_have_the_colours_of_the_pages_style() -> None:
    found = re.findall(r"\.s(\d) \{ --on-frame: #(\w{6})", read("style.css"))
    on_frames = {int(number): tuple(bytes.fromhex(code)) for number, code in found}
    assert [on_frames[number] for number in range(8)] == list(TRACKER_COLOURS)


@pytest.mark.parametrize("count", [5, MOST_DRAWN + 3])
def test_pictures_have_the_colours_of_the_page(track: Callable[..., Any], count: int) -> None:
    names = [f"t{number:02}-v1" for number in range(count)]
    results = track(names, ["first-v1"], sequences=2, lengths=(6,)).results
    page = render(results, ReportOptions())
    of_page = dict(re.findall(r'data-tracker="([^"]*)"><h3><svg class="swatch s(\d)', page))
    assert len(of_page) == min(count, MOST_DRAWN)
    order = colours_in(results)
    assert of_page == {name: str(order.index(name) % 8) for name in of_page}


@pytest.mark.thorough
def test_what_is_shown_has_the_colours_of_a_results_directory(tmp_path: Path) -> None:
    out = tmp_path / "r"
    data = ("mnist-single-same",)
    trackbench.run(
        ["static", "mosse", "ncc"], datasets=data, sequences=1, lengths=[4], out=out, jobs=1
    )
    stored = Results.load(out)
    number = colours_in(stored).index("static-v1")
    assert number == 2
    for results, trackers, colour in (
        (out, ["static"], number),
        (stored, ["ncc", "static"], number),
        (None, ["static"], 0),
        (None, ["static", "mosse"], 1),  # by their names, however they are listed
        (None, ["mosse", "static"], 1),
    ):
        picture = tmp_path / "x.png"
        trackbench.show(*data, picture, trackers=trackers, length=4, results=results)
        with Image.open(io.BytesIO(picture.read_bytes())) as drawn:
            seen = set(map(tuple, np.asarray(drawn.convert("RGB")).reshape(-1, 3).tolist()))
        assert TRACKER_COLOURS[colour] in seen
        if len(trackers) == 1:
            assert not (set(TRACKER_COLOURS) - {TRACKER_COLOURS[colour]}) & seen
