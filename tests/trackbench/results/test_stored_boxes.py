"""Boxes of a results directory, to be replayed: whose, on which data, and how it went."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.host.context import Context
from trackbench.plugins.factories import build_tracker
from trackbench.results.chunks import Failure, FailureKind
from trackbench.results.directory import Results
from trackbench.running.chosen_trackers import tracker_named

StoreIou = Callable[..., Path]
DATA = "mnist-single-same-v1"
IOU = np.full((3, 4), 0.5)
FRAME, TRUE = np.zeros((20, 20), np.uint8), np.array([10.0, 10.0, 10.0, 10.0])


def started(spec: TrackerSpec, sequence: int) -> Any:
    """Return the tracker in a sequence's first frame."""
    tracker = build_tracker(spec)
    tracker.init(FRAME, TRUE, context=Context(DATA, sequence, 4, name=str(sequence)))
    return tracker


def test_of_a_name_without_a_version_it_is_the_newest(store_iou: StoreIou) -> None:
    store_iou("r", {"mine-v2": {DATA: IOU}})
    path = store_iou("r", {"mine-v10": {DATA: IOU}}, nan=((0, 1),))
    found = {name: tracker_named(f"replay:{path}:{name}") for name in ("mine", "mine-v2")}
    assert found["mine"].description == "the boxes of mine-v10 of r, replayed"
    assert found["mine-v2"].description == "the boxes of mine-v2 of r, replayed"
    assert np.isnan(started(found["mine"], 0).update(FRAME).box).any()
    assert np.isfinite(started(found["mine-v2"], 0).update(FRAME).box).all()


def test_a_failure_is_one_again_and_no_box_is_no_absence(store_iou: StoreIou) -> None:
    failures = (
        Failure(0, 2, FailureKind.RAISED, "it raised"),
        Failure(2, 0, FailureKind.MISSING, "there is no file"),
    )
    iou = IOU.copy()
    iou[2] = np.nan
    path = store_iou("r", {"mine": {DATA: iou}}, failures=failures, nan=((1, 1),))
    spec = tracker_named(f"replay:{path}")
    failing = started(spec, 0)
    assert np.isfinite(failing.update(FRAME).box).all()
    with pytest.raises(TrackbenchError, match="mine of r has no answer from here on: it failed"):
        failing.update(FRAME)
    assert np.isnan(started(spec, 1).update(FRAME).box).any()
    with pytest.raises(TrackbenchError, match=f"mine of r has no boxes for sequence 2 of {DATA}"):
        started(spec, 2)


def test_they_are_of_the_data_that_they_were_answered_on(store_iou: StoreIou) -> None:
    path = store_iou("r", {"mine": {DATA: IOU}}, fingerprint="feed")
    boxes: Any = tracker_named(f"replay:{path}").parameters["boxes"]
    (run,) = Results.load(path).runs
    boxes.check_data(DATA, run.record.dataset_fingerprint)
    boxes.check_data("of-another-name", "beef" * 16)
    with pytest.raises(TrackbenchError, match=f"on other data of the name {DATA} .fingerprint fee"):
        boxes.check_data(DATA, "beef" * 16)


def test_who_was_handed_whole_videos_still_was(store_iou: StoreIou) -> None:
    path = store_iou("r", {"mine": {DATA: IOU}}, edit={"sees_future": True})
    spec = tracker_named(f"replay:{path}")
    assert spec.sees_future
    found = build_tracker(spec).track(np.stack([FRAME] * 4), TRUE, context=Context(DATA, 0, 4))
    assert len(found) == 4
    rescored = trackbench.rescore(path)
    for form in ("table", "markdown"):
        assert f"mine (sees the future) on {DATA}" in rescored.render(form).replace("\\", "")


def test_runs_from_anchors_are_no_pass_through_a_sequence(store_iou: StoreIou) -> None:
    path = store_iou("r", {"mine": {DATA: IOU}}, protocol="vot-st-v1")
    with pytest.raises(TrackbenchError, match="boxes of runs from several starts"):
        tracker_named(f"replay:{path}")
    store_iou("r", {"mine": {DATA: IOU}}, protocol="ope-v1")
    assert tracker_named(f"replay:{path}").description == "the boxes of mine of r, replayed"
    store_iou("r", {"mine": {DATA: IOU}})
    with pytest.raises(TrackbenchError, match="r has boxes of ope-v1 and paper-v1: replay a"):
        tracker_named(f"replay:{path}")
