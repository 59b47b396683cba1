"""A tracker that asks is told which video it is on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import trackbench
from trackbench.plugins.fingerprints import dataset_fingerprint
from trackbench.plugins.loading import load_plugin
from trackbench.results.directory import Results
from trackbench.testing import check_tracker

PLUGIN = Path(__file__).parents[2] / "plugins" / "placed.py"


@pytest.mark.thorough
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


@pytest.mark.thorough
def test_names_and_image_files_are_told(run_tiny: Callable[..., Results]) -> None:
    asking = ["asks", "asksinbatches", "askswhole"]
    results = run_tiny("named.py", asking, datasets=["named"])
    assert not any(run.record.failures for run in results.runs)
    for run in results.runs:
        predicted = np.concatenate([tracked.predicted for tracked in run.trajectories()])
        expected = [
            [
                [
                    *(sum(map(ord, name)), index),
                    *(sum(map(ord, f"/data/{name}/{number:04d}.png")), 1 + number),
                ]
                for number in range(1, 4)
            ]
            for index, name in enumerate(("car", "a dog", "bird"))
        ]
        assert predicted[:, 1:].tolist() == expected, run.record.tracker


def test_what_has_no_name_is_called_by_its_number(run_tiny: Callable[..., Results]) -> None:
    load_plugin(PLUGIN)
    (run,) = run_tiny("named.py", ["asks"], datasets=["mnist-single-same"], sequences=2).runs
    predicted = np.concatenate([tracked.predicted for tracked in run.trajectories()])
    assert predicted[:, 1, :3].tolist() == [
        [ord("0"), 0, sum(map(ord, "none"))],
        [ord("1"), 1, sum(map(ord, "none"))],
    ]


def test_names_are_of_the_data() -> None:
    load_plugin(PLUGIN.with_name("named.py"))
    spec = trackbench.registry.datasets().get("named")
    other = replace(spec, names=("car", "a dog", "cat"))
    built = [trackbench.registry.build_dataset(each) for each in (spec, other)]
    assert dataset_fingerprint(built[0]) != dataset_fingerprint(built[1])


@pytest.mark.thorough
@pytest.mark.parametrize("tracker", ["placed", "notasked"])
def test_a_check_and_a_drawing_tell_it_too(tracker: str, tmp_path: Path) -> None:
    load_plugin(PLUGIN)
    checked = check_tracker(tracker, frames=50)
    assert not {"raises", "dies", "no-box"} & set(checked.names)
    trackbench.show("mnist-single-same", tmp_path / "drawn.png", trackers=tracker, length=3)
    assert (tmp_path / "drawn.png").is_file()
