"""Frames of any size as a network of one size sees them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from trackbench.metrics import mask_iou
from trackbench.plugins.registry import build_dataset, datasets
from trackbench.results.directory import Results
from trackbench.trackers.learned import learned
from trackbench.trackers.letterbox import Letterbox

CommandLine = Callable[..., subprocess.CompletedProcess[str]]
SIZES = [(100, 100), (50, 50), (240, 320), (320, 240), (1, 300), (99, 101), (1080, 1920)]


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_boxes_come_back_and_the_picture_lies_in_the_middle(height: int, width: int) -> None:
    box = Letterbox(100, height, width)
    frames = torch.full((2, height, width), 200, dtype=torch.uint8)
    seen = box.frames(frames)
    assert (seen.shape, seen.dtype) == ((2, 100, 100), torch.uint8)
    rows, columns = (seen[0] > 0).any(1).nonzero(), (seen[0] > 0).any(0).nonzero()
    assert (int(rows[0]), int(columns[0])) == (box.top, box.left)
    assert max(len(rows), len(columns)) == 100
    assert abs(len(rows) / len(columns) - height / width) <= 0.6 / min(len(rows), len(columns)) * 2
    assert (seen[seen > 0] == 200).all()
    boxes = torch.tensor([[0.0, 0.0, width, height], [width / 3, height / 5, 7.5, 11.25]]).double()
    torch.testing.assert_close(box.boxes_back(box.boxes(boxes)), boxes, rtol=0, atol=1e-9)
    whole = box.boxes(boxes)[0]
    assert whole.tolist() == pytest.approx([box.left, box.top, len(columns), len(rows)])


def test_frames_of_the_network_s_size_are_what_they_were() -> None:
    box = Letterbox(100, 100, 100)
    frames = torch.randint(0, 256, (3, 100, 100), dtype=torch.uint8)
    assert box.frames(frames) is frames
    boxes = torch.rand(3, 4)
    assert box.boxes(boxes) is boxes


def test_a_target_is_where_its_box_is_after_scaling() -> None:
    frame = torch.zeros(1, 240, 320, dtype=torch.uint8)
    frame[0, 60:150, 200:280] = 255
    box = Letterbox(100, 240, 320)
    seen = box.frames(frame)[0] > 127
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    x, y, w, h = box.boxes(torch.tensor([200.0, 60.0, 80.0, 90.0])).tolist()
    assert [int(columns[0]), int(columns[-1]) + 1] == pytest.approx([x, x + w], abs=0.6)
    assert [int(rows[0]), int(rows[-1]) + 1] == pytest.approx([y, y + h], abs=0.6)


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["twice as large", "in a wide colour frame"])
def test_it_tracks_in_larger_frames_as_well_as_in_its_own(kind: str) -> None:
    """Doubled and scaled back, a frame is the same but for rounding."""
    dataset = build_dataset(datasets().get("mnist-single-diff-v1"))
    tracker = learned("rectracker", 1)
    overlaps: dict[str, list[float]] = {"own": [], "other": []}
    for index in range(6):
        video = dataset.sequence(index, 20)
        frames, boxes = video.frames, video.boxes
        if kind == "twice as large":
            large, there = frames.repeat(2, axis=1).repeat(2, axis=2), boxes * 2
        else:
            large = np.zeros((20, 100, 160, 3), np.uint8)
            large[:, :, 30:130] = frames[..., None]
            large = large.repeat(2, axis=1).repeat(2, axis=2)
            there = (boxes + np.array([30, 0, 0, 0])) * 2
        for name, shown, truth in (("own", frames, boxes), ("other", large, there)):
            tracker.init(shown[:1], truth[:1])
            found = np.concatenate([truth[:1], *(tracker.update(f[None]) for f in shown[1:])])
            overlaps[name].append(mask_iou(truth, found, shown.shape[1:3]).mean())
            mask = tracker.mask()
            assert mask is not None
            assert mask.shape == (1, *shown.shape[1:3])
    own, other = np.mean(overlaps["own"]), np.mean(overlaps["other"])
    # Of a wide frame the network sees 100 x 62 pixels, with the target at 5/8 of its size.
    assert other == pytest.approx(own, abs=0.02 if kind == "twice as large" else 0.1)


PLUGIN = """
import numpy as np
from trackbench import DatasetSpec, Video

class Wide:
    def __init__(self, spec):
        self.spec = spec

    def sequence(self, index, length=None):
        length = length or self.spec.length
        frames = np.zeros((length, 60, 80, 3), np.uint8)
        frames[:, 20:32, 30 + index : 42 + index] = 200
        return Video(frames, np.tile([30.0 + index, 20.0, 12.0, 12.0], (length, 1)))

WIDE = DatasetSpec(id="wide-v1", factory=Wide, seed=1, sequences=2, length=3)
"""


@pytest.mark.thorough
def test_tables_say_that_frames_are_scaled_and_only_then(
    tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    (tmp_path / "wide.py").write_text(PLUGIN)
    for name, dataset in (("wide", "wide"), ("own", "mnist-single-same")):
        done = trackbench_cli(
            *("run", "--plugin", tmp_path / "wide.py", "-t", "rectracker-att1", "-t", "static"),
            *("-d", dataset, "--sequences", "2", "--lengths", "2", "--out", tmp_path / name),
        )
        assert done.returncode == 0, done.stderr
        said = "rectracker-att1-v1: [^\n]*letterboxed to 100 x 100 pixels"
        assert bool(re.search(said, done.stdout)) == (name == "wide")
        assert not re.search("static[^\n]*letterboxed", done.stdout)
    (run, _) = Results.load(tmp_path / "wide").runs
    assert np.isfinite(np.concatenate([t.predicted for t in run.trajectories()])).all()
