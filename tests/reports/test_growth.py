"""What a report costs grows as the number of runs that it is of."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest
from stored import MadeUp, store_run

from trackbench.contracts import TrackerSpec
from trackbench.report_contract import ReportOptions
from trackbench.reports.report_content import arrange
from trackbench.results.directory import Results


def results_of(path: Path, side: int) -> Results:
    """Store so many trackers on as many data sets."""
    truth = np.tile([10.0, 10.0, 20.0, 20.0], (2, 3, 1))
    for position in range(side):
        dataset = MadeUp(f"d{position}-v1", f"{position:064x}", position, truth)
        for number in range(side):
            tracker = TrackerSpec(id=f"t{number:02}-v1", factory="a:b")
            store_run(path, dataset, tracker, truth + number)
    return Results.load(path)


def steps(call: Callable[[], Any]) -> int:
    """Return how many steps of Python's a call takes, in modules of ours."""
    count = 0

    def each(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if "trackbench" not in frame.f_globals.get("__name__", ""):
            return None
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return each

    before = sys.gettrace()
    sys.settrace(each)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.thorough
def test_tables_take_as_many_steps_for_each_run_however_many_there_are(tmp_path: Path) -> None:
    sides = (4, 8, 16)
    taken = []
    for side in sides:
        results = results_of(tmp_path / str(side), side)
        taken.append(steps(lambda results=results: arrange(results, ReportOptions())))  # type: ignore[misc]  # a value
    runs = [side * side for side in sides]
    first, second = (
        (b - a) / (m - n) for a, b, n, m in zip(taken, taken[1:], runs, runs[1:], strict=False)
    )
    # A step for each pair of runs would make it four times as much.
    assert second < 1.25 * first
