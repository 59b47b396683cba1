"""Any tracker of OpenCV's by its own name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tiny_onnx import vit_network

import trackbench
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.plugins.tracker_identity import tracker_identity
from trackbench.running.chosen_trackers import tracker_named, with_parameters, with_weights
from trackbench.trackers.opencv import OpenCVTracker
from trackbench.trackers.opencv_by_name import OpenCVByName

SMOKE = ("--suite", "smoke", "--sequences", "1", "--out", "r")


@pytest.fixture
def network(tmp_path: Path) -> Path:
    file = tmp_path / "vit.onnx"
    file.write_bytes(vit_network())
    return file


@pytest.mark.parametrize(
    ("name", "ours"),
    [("TrackerCSRT", {"algorithm": "csrt"}), ("TrackerKCF", {"algorithm": "kcf"})],
)
def test_it_answers_as_opencv_does(
    name: str, ours: dict[str, Any], moving_square: Callable[..., Any]
) -> None:
    video = moving_square(length=10).in_colour()
    parameters = {"detect_thresh": 0.0} if name == "TrackerKCF" else {}
    tracker = OpenCVByName(name, **parameters)
    tracker.init(video.frames[0], video.boxes[0])
    boxes = [tracker.update(frame).box for frame in video.frames[1:]]
    assert np.array_equal(boxes, video.follow(OpenCVTracker(**ours))[1:])


def test_those_of_legacy_are_found_without_saying_so(moving_square: Callable[..., Any]) -> None:
    assert tracker_named("opencv:TrackerMOSSE") == tracker_named("opencv:legacy.TrackerMOSSE")
    video = moving_square(length=3).in_colour()
    tracker = OpenCVByName("TrackerMOSSE")
    tracker.init(video.frames[0], video.boxes[0])
    theirs = cv2.legacy.TrackerMOSSE_create()
    theirs.init(np.ascontiguousarray(video.frames[0]), tuple(video.boxes[0]))
    found, box = theirs.update(np.ascontiguousarray(video.frames[1]))
    assert found
    assert np.array_equal(tracker.update(video.frames[1]).box, box)


@pytest.mark.thorough
def test_one_with_a_network_runs_with_weights_and_tells_its_score(
    network: Path, commands: Callable[..., Any], tmp_path: Path
) -> None:
    done = commands("run", "-t", "opencv:TrackerVit", "--weights", network, *SMOKE)
    assert done.code == 0, done.err
    assert "0 failed sequences" in done.out
    (run, *_) = trackbench.Results.load(tmp_path / "r").runs
    (tracked, *_) = run.trajectories()
    assert tracked.confidence is not None
    assert ((tracked.confidence[:, 1:] > 0) & (tracked.confidence[:, 1:] < 1)).all()
    assert run.record.weights_sha256 is not None


def test_its_weights_and_other_files_count_by_their_content(network: Path, tmp_path: Path) -> None:
    def fingerprint(weights: Path, neckhead: Path) -> str:
        spec = with_weights(tracker_named("opencv:TrackerNano"), weights)
        return tracker_identity(with_parameters(spec, {"neckhead": str(neckhead)})).fingerprint

    folder = tmp_path / "elsewhere"
    folder.mkdir()
    copy = folder / network.name
    copy.write_bytes(network.read_bytes())
    assert fingerprint(network, network) == fingerprint(copy, copy)
    before = fingerprint(network, copy)
    copy.write_bytes(b"another")
    assert fingerprint(network, copy) != before
    assert fingerprint(copy, network) != before


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["opencv:TrackerKFC"], "unknown tracker of OpenCV .*: did you mean TrackerKCF?"),
        (["opencv:TrackerVit"], r"TrackerVit needs its network \(net\): give --weights FILE"),
        (["opencv:TrackerVit", "--weights", "nothing"], "nothing cannot be read: No such file"),
        (["opencv:TrackerVit", "--weights", "text"], "TrackerVit cannot use .*/text: not the net"),
        (["opencv:TrackerNano", "--weights", "net"], r"\(neckhead\): give --param neckhead=FILE"),
        (
            ["opencv:TrackerNano", "--weights", "net", "-p", "neckhead=net"],
            "TrackerNano cannot use .*/net, net: not the network of this tracker",
        ),
        (["opencv:TrackerKCF", "--weights", "net"], "takes no weights: leave --weights out"),
        (["opencv:TrackerCSRT", "-p", "psize=3"], "unknown TrackerCSRT parameter 'psize'"),
        (["opencv:TrackerKCF", "--python", "python3"], "OpenCV of this interpreter: leave --pyth"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_written(
    arguments: list[str], message: str, commands: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("no network")
    (tmp_path / "net").write_bytes(vit_network())
    done = commands("run", "-t", *arguments, *SMOKE)
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert re.search(message, line), line
    assert not list((tmp_path / "r").rglob("*.parquet"))


def test_a_parameter_of_another_kind_is_named() -> None:
    with pytest.raises(TrackbenchError, match="TrackerCSRT parameter template_size='big'"):
        OpenCVByName("TrackerCSRT", template_size="big")
    with pytest.raises(UnknownIdError, match=r"unknown legacy\.TrackerMOSSE parameter 'a'"):
        OpenCVByName("TrackerMOSSE", a=1)
