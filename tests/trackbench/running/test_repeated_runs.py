"""Repeated runs: seeded by their numbers, stored each by itself, the same for any jobs."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import trackbench
from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.metrics import mask_iou
from trackbench.results.directory import Results
from trackbench.results.record_file import checksum
from trackbench.results.run import Run

RunTiny = Callable[..., Results]


def run_of(results: Results, tracker: str, dataset: str = "tiny-v1") -> Run:
    wanted = tracker, dataset
    (found,) = (r for r in results.runs if (r.record.tracker, r.record.dataset) == wanted)
    return found


def boxes_of_runs(run: Run) -> list[NDArray[np.float64]]:
    """Return the predictions (N, T, 4) of each run."""
    return [
        np.concatenate([tracked.predicted for tracked in each.trajectories()])
        for each in run.repeats
    ]


def stored(folder: Path) -> dict[str, bytes]:
    """Return every part by its path."""
    found = sorted(folder.rglob("*.parquet"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.mark.thorough
def test_a_run_is_told_its_number_in_every_way(run_tiny: RunTiny) -> None:
    told = ["told-the-run", "told-the-run-batch"]
    results = run_tiny("chance.py", told, runs=3, datasets=["tiny"])
    alone, batch = (boxes_of_runs(run_of(results, tracker)) for tracker in told)
    assert [boxes[2, 1, :3].tolist() for boxes in alone] == [[0, 0, 0], [1, 1, 1], [2, 2, 2]]
    # Run 0 is the tracker as it is: no seed and its default; the further ones count on from them.
    assert [b[2, 1, :3].tolist() for b in batch] == [[-1, 100, 0], [1, 101, 1], [2, 102, 2]]
    assert [each.record.run for each in run_of(results, "told-the-run").repeats] == [0, 1, 2]


@pytest.mark.thorough
def test_seeds_are_counted_from_the_one_that_was_given(run_tiny: RunTiny) -> None:
    first = run_of(run_tiny("chance.py", ["jitter"], out="a", runs=4, datasets=["tiny"]), "jitter")
    spec = trackbench.registry.trackers().get("jitter")
    later = replace(spec, parameters={**spec.parameters, "seed": 2})
    found = run_tiny("chance.py", [later], out="b", runs=2, datasets=["tiny"])
    pairs = zip(boxes_of_runs(run_of(found, "jitter")), boxes_of_runs(first)[2:], strict=True)
    assert all(np.array_equal(mine, theirs) for mine, theirs in pairs)


CHANCE = ["jitter", "seeded-in-init", "shared", "ncc"]


@pytest.mark.thorough
def test_run_0_is_what_it_is_without_repetitions_and_jobs_change_nothing(
    run_tiny: RunTiny, tmp_path: Path
) -> None:
    run_tiny("chance.py", CHANCE, out="once", jobs=2)
    run_tiny("chance.py", CHANCE, out="one-job", runs=4, jobs=1)
    results = run_tiny("chance.py", CHANCE, out="jobs", runs=4, jobs=4)
    once, one, four = (stored(tmp_path / name) for name in ("once", "one-job", "jobs"))
    assert one == four
    assert once == {name: content for name, content in four.items() if "/run-" not in name}
    for tracker in CHANCE[:-1]:
        boxes = boxes_of_runs(run_of(results, tracker))
        assert len(boxes) == 4
        assert all(not np.array_equal(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
    for record in (tmp_path / "once").rglob("record.json"):
        content = json.loads(record.read_text())
        assert content["schema"] == 2
        assert "run" not in content


@pytest.mark.thorough
def test_a_deterministic_tracker_is_run_three_times(run_tiny: RunTiny, tmp_path: Path) -> None:
    totals: list[int] = []
    both = ["ncc", "jitter"]
    results = run_tiny("chance.py", both, runs=5, progress=lambda at: totals.append(at.total))
    assert totals[-1] == (3 + 5) * (9 + 4) * 8
    counts = {run.record.tracker: (len(run.repeats), run.deterministic) for run in results.runs}
    assert counts == {"ncc-v1": (3, True), "jitter": (5, False)}
    told: list[str] = []
    run_tiny("chance.py", both, runs=5, tell=told.append)
    assert any("nothing was run" in line for line in told)
    assert not list(tmp_path.glob("r/runs/ncc-v1/*/*/*/run-003"))
    text = str(results)
    assert "deterministic: 3 runs with identical boxes" in text
    assert "mean over 5 runs" in text
    assert "between runs" in text


@pytest.mark.thorough
def test_a_mean_over_identical_runs_is_each_of_them(run_tiny: RunTiny) -> None:
    once = run_tiny("chance.py", ["ncc"], out="once")
    thrice = run_tiny("chance.py", ["ncc"], out="thrice", runs=3)
    for one, three in zip(once.cells(), thrice.cells(), strict=True):
        assert (one.mean, one.std) == (three.mean, three.std)
        assert (three.runs, three.run_std, three.deterministic) == (3, 0.0, True)
        assert (one.runs, one.deterministic) == (1, False)
        assert np.isnan(one.run_std)


@pytest.mark.thorough
def test_runs_are_added_resumed_and_forgotten(run_tiny: RunTiny, tmp_path: Path) -> None:
    run_tiny("chance.py", ["jitter"], out="all", runs=4)
    run_tiny("chance.py", ["jitter"])
    assert len(run_of(run_tiny("chance.py", ["jitter"], runs=2), "jitter").repeats) == 2
    (begun,) = tmp_path.glob("r/runs/jitter/tiny-v1/*/*/run-001/record.json")
    assert json.loads(begun.read_text())["schema"] == 3
    begun.unlink()  # as if it had not begun
    assert len(run_of(run_tiny("chance.py", ["jitter"], runs=4), "jitter").repeats) == 4
    assert stored(tmp_path / "r") == stored(tmp_path / "all")
    # Fewer runs asked for: all that are stored count.
    assert len(run_of(run_tiny("chance.py", ["jitter"]), "jitter").repeats) == 4
    fresh = run_tiny("chance.py", ["jitter"], runs=2, fresh=True)
    assert [len(run.repeats) for run in fresh.runs] == [2, 2]
    assert not list(tmp_path.glob("r/runs/jitter/*/*/*/run-002"))


@pytest.mark.thorough
def test_an_unfinished_run_is_left_out_and_named(run_tiny: RunTiny, tmp_path: Path) -> None:
    run_tiny("chance.py", ["jitter"], runs=3, datasets=["tiny"])
    (file,) = tmp_path.glob("r/runs/jitter/tiny-v1/*/*/run-001/record.json")
    record = json.loads(file.read_text())
    del record["chunks"]["2"], record["checksum"]
    file.write_text(json.dumps({**record, "checksum": checksum(record)}))
    results = Results.load(tmp_path / "r")
    assert [each.record.run for each in results.runs[0].repeats] == [0, 2]
    assert results.left_out == ["left out: jitter on tiny-v1 (run 1) is not finished"]
    with pytest.raises(TrackbenchError, match=r"jitter on tiny-v1 \(run 1\) is not finished"):
        trackbench.baseline(results)
    whole = run_tiny("chance.py", ["jitter"], runs=3, datasets=["tiny"])
    assert len(whole.runs[0].repeats) == 3


@pytest.mark.thorough
def test_a_run_that_was_copied_to_another_number_is_refused(
    run_tiny: RunTiny, tmp_path: Path
) -> None:
    run_tiny("chance.py", ["jitter"], runs=2, datasets=["tiny"])
    (folder,) = tmp_path.glob("r/runs/jitter/tiny-v1/*/*/run-001")
    folder.rename(folder.with_name("run-002"))
    with pytest.raises(DamagedFileError, match="is of run 1, and stands in the folder"):
        Results.load(tmp_path / "r")


@pytest.mark.thorough
def test_failures_of_all_runs_are_counted(run_tiny: RunTiny) -> None:
    (run,) = run_tiny("chance.py", ["sometimes"], runs=4, datasets=["tiny"]).runs
    assert [failure.sequence for failure in run.failures] == [1, 1]
    assert [len(record.failures) for record in run.records] == [0, 1, 0, 1]
    assert not run.deterministic


@pytest.mark.thorough
def test_an_edited_tracker_begins_with_run_0(run_tiny: RunTiny) -> None:
    run_tiny("chance.py", ["jitter"], runs=2, datasets=["tiny"])
    other = replace(trackbench.registry.trackers().get("jitter"), parameters={"std": 3.0})
    results = run_tiny("chance.py", [other], datasets=["tiny"])
    assert [len(run.repeats) for run in results.runs] == [1]
    assert len(results.older) == 1


@pytest.mark.thorough
def test_the_spread_between_runs_is_the_simulated_one(run_tiny: RunTiny) -> None:
    """Three seeds, five runs each: the same draws, made here from the true boxes alone."""
    loaded = run_tiny("chance.py", ["ncc"], out="loaded", datasets=["tiny"])
    truth = np.concatenate([tracked.truth for tracked in loaded.runs[0].trajectories()])
    spec = trackbench.registry.trackers().get("jitter")
    reported, simulated = [], []
    for seed in (10, 20, 30):
        given = replace(spec, parameters={"std": 2.0, "seed": seed})
        (cell,) = run_tiny("chance.py", [given], f"{seed}", runs=5, datasets=["tiny"]).cells()
        means = [simulated_mean(truth, seed + run) for run in range(5)]
        assert cell.runs == 5
        assert cell.mean == pytest.approx(np.mean(means), abs=1e-12)
        reported.append(cell.run_std)
        simulated.append(np.std(means, ddof=1))
    assert reported == pytest.approx(simulated, rel=1e-9)


def simulated_mean(truth: NDArray[np.float64], seed: int) -> float:
    """Return the mean IoU of a run of the tracker ``jitter``."""
    iou = []
    for sequence, boxes in enumerate(truth):
        rng = np.random.default_rng([seed, sequence])
        predicted = np.repeat(boxes[:1], len(boxes), axis=0)
        predicted[1:, :2] += rng.normal(0, 2.0, (len(boxes) - 1, 2))
        iou.append(mask_iou(boxes, predicted, (48, 48)))
    return float(np.mean(iou))


@pytest.mark.parametrize("runs", [0, -1, 1001])
def test_a_number_of_runs_that_makes_no_sense_is_refused(
    commands: Callable[..., Any], tmp_path: Path, runs: int
) -> None:
    done = commands("run", "-t", "ncc", "--runs", runs, "--out", "r")
    assert done.code == 2
    assert f"--runs must be from 1 to 1000, not {runs}" in done.err
    assert not (tmp_path / "r").exists()
