"""A page of more trackers than a chart can tell apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from trackbench.report_contract import ReportOptions
from trackbench.reports.html.page import render
from trackbench.reports.measures import measures
from trackbench.reports.summary_layout import ranking
from trackbench.reports.tracker_order import MOST_TRACKERS


def test_tables_have_all_trackers_and_charts_the_best(track: Callable[..., Any]) -> None:
    count = MOST_TRACKERS + 2
    trackers = [f"tracker-{number:02}-v1" for number in range(count)]
    results = track(trackers, ["first-v1"], sequences=3, lengths=(8,)).results
    (iou, *_) = measures(results, ReportOptions())
    ranked = [standing.tracker.removesuffix("-v1") for standing in ranking(results, iou)]
    text = render(results, ReportOptions())
    assert f"are of the {MOST_TRACKERS} trackers with the highest means" in text
    assert f"tables have all {count}" in text
    tiles = re.findall(r'<li data-tracker="[^"]*"><h3>.*?</svg>(.*?)</h3>', text)
    assert [tile.removesuffix("-v1") for tile in tiles] == ranked[:MOST_TRACKERS]
    (chart,) = re.findall(r'<desc id="time-0-d">(.*?)</desc>', text)
    assert all(name in chart for name in ranked[:MOST_TRACKERS])
    assert not any(name in chart for name in ranked[MOST_TRACKERS:])
    (scores,) = re.findall(r'<table class="sortable">.*?</table>', text, re.DOTALL)[:1]
    assert all(name in scores for name in ranked)
