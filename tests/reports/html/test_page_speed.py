"""How large a page of many results is, and how long Chromium takes to open it: ``make bench``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser

from trackbench.plugins import registry
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.report_contract import ReportOptions
from trackbench.reports.html.page import render

DATASETS = (
    "mnist-single-same-v1",
    "mnist-single-diff-v1",
    "mnist-multi-same-v1",
    "mnist-multi-diff-v1",
)


def test_twelve_trackers_on_four_data_sets(
    benchmark: Any, browser: Browser, track: Callable[..., Any], tmp_path: Path
) -> None:
    """Boxes are made up, and frames are those of the data sets that they are called after."""
    trackers = [f"tracker-{number}-v1" for number in range(12)]
    made = track(trackers, DATASETS, sequences=500, lengths=(20, 40, 80, 160))
    built = {name: registry.build_dataset(registry.datasets().get(name)) for name in DATASETS}

    def frames(dataset: str, sequence: int, length: int) -> np.ndarray:
        return np.asarray(make_sequence(built[dataset], sequence, length).frames)

    file = tmp_path / "report.html"
    file.write_text(render(made.results, ReportOptions(frames=frames)), encoding="utf-8")
    size = file.stat().st_size
    assert size < 10_000_000

    def opened() -> None:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(file.as_uri())
        assert page.locator("#every tbody tr").count() == 50
        page.close()

    benchmark.pedantic(opened, rounds=5)
    benchmark.extra_info["bytes"] = size
    assert benchmark.stats.stats.median < 2.0
