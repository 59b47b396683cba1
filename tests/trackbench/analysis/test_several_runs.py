"""Comparison, baseline and check of trackers that were run several times."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import trackbench
from trackbench.results.chunks import Failure, FailureKind

StoreIou = Callable[..., Path]
DATA = "mnist-single-same-v1"
LENGTHS = (4, 8)


def iou(seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).beta(2, 2, (60, 8))


def several(store_iou: StoreIou, name: str, count: int, tracker: str = "a-v1") -> Path:
    """Store so many runs of a tracker, each with other scores."""
    for run in range(count):
        path = store_iou(name, {tracker: {DATA: iou(run)}}, lengths=LENGTHS, edit={"run": run})
    return path


@pytest.mark.thorough
def test_a_score_is_the_mean_over_runs_beside_both_spreads(store_iou: StoreIou) -> None:
    path = several(store_iou, "r", 4)
    short, whole = trackbench.report(path, "json").results.cells()
    runs = np.stack([iou(run) for run in range(4)])
    for cell, length in ((short, 4), (whole, 8)):
        scores = runs[..., :length].mean(axis=-1)
        assert cell.mean == pytest.approx(scores.mean(), abs=1e-12)
        assert cell.std == pytest.approx(scores.mean(axis=0).std(ddof=1), abs=1e-12)
        assert cell.run_std == pytest.approx(scores.mean(axis=1).std(ddof=1), abs=1e-12)
        assert (cell.runs, cell.deterministic) == (4, True)  # the boxes are stored alike
    records = json.loads(str(trackbench.report(path, "json")))
    assert [record["run_std"] for record in records] == [short.run_std, whole.run_std]
    for form in ("markdown", "latex", "text", "html"):
        assert f"{whole.run_std:.3f}" in str(trackbench.report(path, form))


def test_the_comparison_uses_and_names_all_runs(store_iou: StoreIou) -> None:
    several(store_iou, "r", 4)
    path = several(store_iou, "r", 1, "b-v1")
    found = trackbench.compare(["a-v1", "b-v1"], path)
    mean = np.mean([iou(run) for run in range(4)])
    assert found.differences[-1].first_mean == pytest.approx(mean, abs=1e-12)
    assert [(one.tracker, one.runs) for one in found.repeated] == [("a-v1", 4)]
    assert "a-v1 on mnist-single-same-v1: mean over 4 runs" in str(found)


def test_a_baseline_holds_all_runs_and_comes_back(store_iou: StoreIou, tmp_path: Path) -> None:
    path = several(store_iou, "r", 3)
    made = trackbench.baseline(path, tmp_path / "b.json")
    content = json.loads((tmp_path / "b.json").read_text())
    assert (content["schema"], content["runs"][0]["runs"]) == (2, 3)
    verdict = trackbench.check(path, tmp_path / "b.json", tolerance=0)
    assert not verdict.regressed
    assert {cell.runs for cell in verdict.cells} == {(3, 3)}
    assert verdict.cells[1].run_stds == (made.runs[0].run_stds[1],) * 2
    assert "means over 3 runs before" in str(verdict)
    trackbench.baseline(several(store_iou, "once", 1), tmp_path / "once.json")
    once = json.loads((tmp_path / "once.json").read_text())
    assert once["schema"] == 1
    assert "runs" not in once["runs"][0]


@pytest.mark.thorough
def test_failures_are_held_to_those_of_as_many_runs(store_iou: StoreIou) -> None:
    def failing(name: str, runs: int, spoiled: int) -> Path:
        one = (Failure(0, 2, FailureKind.RAISED, "it raised"),)
        for run in range(runs):
            of_run: dict[str, Any] = {
                "failures": one if run < spoiled else (),
                "edit": {"run": run},
            }
            path = store_iou(name, {"a-v1": {DATA: iou(0)}}, lengths=LENGTHS, **of_run)
        return path

    once = trackbench.baseline(failing("once", 1, 1))
    assert not trackbench.check(failing("five", 5, 5), once).regressed
    some = trackbench.baseline(failing("some", 5, 4))
    assert not trackbench.check(failing("some", 5, 4), some).regressed
    worse = trackbench.check(failing("once", 1, 1), some)
    assert worse.cells[0].said == ["more failures (4 in 5 runs to 1 in 1 run)"]
