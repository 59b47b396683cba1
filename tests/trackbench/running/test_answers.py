"""Answers that say more than a box, from the tracker to the tables."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import trackbench
from trackbench.results.directory import Results
from trackbench.results.run import Run

NAN = np.nan
CONFIDENCES = [NAN, 1.0, NAN, NAN, 0.25, NAN, NAN, 1 / 7]
ABSENT = [False, False, False, True, False, False, True, False]


@pytest.fixture(scope="module")
def results(
    run_tiny_in: Callable[..., Results], tmp_path_factory: pytest.TempPathFactory
) -> Results:
    trackers = ["unsure", "lockstep", "plain", "crashes", "lastvideo"]
    folder = tmp_path_factory.mktemp("answers")
    return run_tiny_in(folder, "unsure.py", trackers, datasets=["tiny"])


def run_of(results: Results, tracker: str) -> Run:
    (run,) = [run for run in results.runs if run.record.tracker == tracker]
    return run


@pytest.mark.thorough
@pytest.mark.parametrize("tracker", ["unsure", "lockstep"])
def test_confidence_and_absence_are_stored(results: Results, tracker: str) -> None:
    run = run_of(results, tracker)
    for tracked in run.trajectories():
        count = len(tracked.iou)
        assert tracked.confidence is not None
        assert tracked.absent is not None
        assert np.array_equal(tracked.confidence, [CONFIDENCES] * count, equal_nan=True)
        assert tracked.absent.tolist() == [ABSENT] * count
        assert np.isnan(tracked.predicted[tracked.absent]).all()
        assert (tracked.iou[tracked.absent] == 0).all()
        assert tracked.until(4).absent is not None
        assert tracked.until(4).absent.shape == (count, 4)  # type: ignore[union-attr]  # as above
    assert (run.absent, run.invalid, run.record.failures) == (9 * 2, 0, ())


@pytest.mark.thorough
def test_scores_are_those_of_a_tracker_that_was_nowhere_in_those_frames(results: Results) -> None:
    plain, unsure = run_of(results, "plain").iou, run_of(results, "unsure").iou
    assert np.array_equal(unsure, np.where(ABSENT, 0.0, plain))


@pytest.mark.thorough
def test_who_says_no_more_is_stored_as_before(results: Results) -> None:
    (tracked, *_) = run_of(results, "plain").trajectories()
    assert tracked.confidence is tracked.absent is None
    assert run_of(results, "plain").absent == 0


@pytest.mark.thorough
def test_what_was_said_before_a_failure_stays(results: Results) -> None:
    run = run_of(results, "crashes")
    (tracked, *_) = run.trajectories()
    assert tracked.absent is not None
    assert tracked.absent[0].tolist() == [False, False, False, True] + [False] * 4
    assert (run.absent, run.invalid, len(run.record.failures)) == (9, 0, 9)


@pytest.mark.thorough
def test_one_unit_may_say_it_and_the_others_not(results: Results) -> None:
    run = run_of(results, "lastvideo")
    said = [None if part.absent is None else int(part.absent.sum()) for part in run.trajectories()]
    assert said == [None, None, 3 * 6]
    assert run.absent == 18


@pytest.mark.thorough
def test_tables_say_how_often(results: Results) -> None:
    rows = json.loads(str(trackbench.report(results, format="json")))
    counts = {row["tracker"]: row["absent"] for row in rows}
    expected = {"unsure": 18, "lockstep": 18, "plain": 0, "crashes": 9, "lastvideo": 18}
    assert counts == expected
    markdown = str(trackbench.report(results, format="markdown"))
    assert markdown.count("18 frames called absent, which scores 0 where the target is there") == 3
    assert "9 frames called absent" in markdown
    page = str(trackbench.report(results, format="html"))
    assert "<th" in page
    assert "Absent" in page


@pytest.mark.thorough
def test_the_same_bytes_for_any_number_of_jobs(
    run_tiny: Callable[..., Results], results: Results
) -> None:
    alone = run_tiny("unsure.py", ["unsure"], out="alone", datasets=["tiny"], jobs=1)
    found = [
        sorted(run.folder.glob("*.parquet")) for run in (alone.runs[0], run_of(results, "unsure"))
    ]
    assert len(found[0]) == 3
    for one, other in zip(*found, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_it_is_drawn(tmp_path: Path, run_tiny: Callable[..., Results]) -> None:
    run_tiny("unsure.py", ["plain"], datasets=["tiny"], sequences=1)  # they are known then
    silent, saying = tmp_path / "plain.png", tmp_path / "unsure.png"
    trackbench.show("tiny", silent, trackers="plain")
    trackbench.show("tiny", saying, trackers="unsure")
    assert silent.read_bytes() != saying.read_bytes()
