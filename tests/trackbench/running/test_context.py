"""A tracker that asks is told which video it is on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import trackbench
from trackbench.plugins.loading import load_plugin
from trackbench.results.directory import Results
from trackbench.testing import check_tracker

PLUGIN = Path(__file__).parents[2] / "plugins" / "placed.py"


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_video_of_every_unit_is_named(run_tiny: Callable[..., Results], jobs: int) -> None:
    asking = ["placed", "placedanyhow", "placedbatch"]
    results = run_tiny("placed.py", [*asking, "notasked"], jobs=jobs)
    assert not any(run.record.failures for run in results.runs)
    for run in results.runs:
        if run.record.tracker == "notasked":
            continue
        predicted = np.concatenate([tracked.predicted for tracked in run.trajectories()])
        expected = [[n, 8, len(run.record.dataset), 1] for n in range(len(predicted))]
        assert predicted[:, 1].tolist() == predicted[:, -1].tolist() == expected


def test_stored_boxes_can_be_replayed(run_tiny: Callable[..., Results]) -> None:
    walked = run_tiny("placed.py", ["ncc"], out="first", datasets=["tiny"]).runs[0]
    boxes = np.concatenate([tracked.predicted for tracked in walked.trajectories()]).tolist()
    spec = trackbench.registry.trackers().get("replays")
    replays = replace(spec, parameters={"boxes": {"tiny-v1": boxes}})
    again = run_tiny("placed.py", [replays], out="second", datasets=["tiny"]).runs[0]
    assert not again.record.failures
    assert np.array_equal(again.iou, walked.iou)


@pytest.mark.parametrize("tracker", ["placed", "notasked"])
def test_a_check_and_a_drawing_tell_it_too(tracker: str, tmp_path: Path) -> None:
    load_plugin(PLUGIN)
    checked = check_tracker(tracker, frames=50)
    assert not {"raises", "dies", "no-box"} & set(checked.names)
    trackbench.show("mnist-single-same", tmp_path / "drawn.png", trackers=tracker, length=3)
    assert (tmp_path / "drawn.png").is_file()
