"""The learned trackers through the harness's contract."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from trackbench.contracts import BatchTracker
from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.trackers import learned as module
from trackbench.trackers.grey import grey
from trackbench.trackers.learned import LearnedTracker, learned
from trackbench.trackers.networks import Architecture, NetworkSpec, build
from trackbench.trackers.weights_file import Provenance, save

TINY = NetworkSpec(frame=24, filters=3, kernel=8, stride=4, hidden=7)
SPECS = [TINY, replace(TINY, n=1), replace(TINY, architecture=Architecture.CONVTRACKER)]


def tracker(folder: Path, spec: NetworkSpec) -> LearnedTracker:
    save(folder / "w.safetensors", build(spec, seed=4), Provenance())
    return learned(spec.architecture.value, spec.n, folder / "w.safetensors")


def videos(batch: int = 5, length: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Read-only frames (T, B, 24, 24) and first boxes (B, 4)."""
    draw = np.random.default_rng(0)
    frames = draw.integers(0, 256, (length, batch, 24, 24), np.uint8)
    frames.flags.writeable = False
    return frames, np.hstack([draw.integers(0, 10, (batch, 2)), np.full((batch, 2), 9)]) * 1.0


def follow(found: LearnedTracker, frames: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    assert found.init(frames[0], boxes) is None
    return np.stack([found.update(frame) for frame in frames[1:]])


@pytest.mark.parametrize("spec", SPECS, ids=["id", "att1", "convtracker"])
def test_a_video_alone_gives_the_boxes_it_gives_in_a_batch(
    tmp_path: Path, spec: NetworkSpec
) -> None:
    found = tracker(tmp_path, spec)
    assert isinstance(found, BatchTracker)
    frames, boxes = videos(batch=125)
    together = follow(found, frames, boxes)
    assert together.shape == (5, 125, 4)
    assert together.dtype == np.float64
    for i in range(125):
        alone = follow(found, frames[:, i : i + 1], boxes[i : i + 1])
        np.testing.assert_allclose(alone[:, 0], together[:, i], atol=1e-4)


def test_init_forgets_the_video_before(tmp_path: Path) -> None:
    found = tracker(tmp_path, TINY)
    frames, boxes = videos()
    first = follow(found, frames, boxes)
    follow(found, frames[::-1], boxes[::-1])
    np.testing.assert_array_equal(follow(found, frames, boxes), first)


def test_colour_frames_are_seen_in_grey(tmp_path: Path) -> None:
    found = tracker(tmp_path, TINY)
    frames, boxes = videos()
    wanted = follow(found, frames, boxes)
    coloured = np.repeat(frames[..., None], 3, axis=-1)
    np.testing.assert_array_equal(follow(found, coloured, boxes), wanted)


def test_grey_is_luma() -> None:
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    assert grey(colours, axes=2).tolist() == [[76, 149, 28, 255]]
    ramp = np.arange(256, dtype=np.uint8)[None]
    np.testing.assert_array_equal(grey(np.stack([ramp] * 3, axis=-1), axes=2), ramp)
    assert grey(ramp, axes=2) is ramp


def test_update_before_init_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrackbenchError, match="update before init"):
        tracker(tmp_path, TINY).update(np.zeros((1, 24, 24), np.uint8))


def test_the_mask_is_the_one_that_weighted_the_last_frame(tmp_path: Path) -> None:
    found = tracker(tmp_path, SPECS[1])
    frames, boxes = videos()
    found.init(frames[0], boxes)
    masks = found.mask()
    assert masks is not None
    assert masks.shape == (5, 24, 24)
    for box, weights in zip(boxes, masks, strict=True):
        # Before the first frame the mask lies on the true box: its peak is the box's centre.
        row, column = np.unravel_index(weights.argmax(), weights.shape)
        centre = box[:2] + (box[2:] - 1) / 2
        np.testing.assert_allclose([column, row], centre, atol=0.51)
    predicted = found.update(frames[1])
    at_first = found.mask()
    found.update(frames[2])
    later = found.mask()
    assert at_first is not None
    assert later is not None
    middle = predicted[:, :2] + (predicted[:, 2:] - 1) / 2
    for centre, weights in zip(middle, later, strict=True):
        row, column = np.unravel_index(weights.argmax(), weights.shape)
        np.testing.assert_allclose([column, row], centre.clip(0, 23), atol=0.51)


def test_trackers_without_attention_have_no_mask(tmp_path: Path) -> None:
    for spec in (SPECS[0], SPECS[2]):
        found = tracker(tmp_path, spec)
        frames, boxes = videos()
        follow(found, frames, boxes)
        assert found.mask() is None


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    save(tmp_path / "w", build(TINY), Provenance())
    with pytest.raises(TrackbenchError, match="holds a rectracker with n=0, not a rectracker"):
        learned("rectracker", 1, tmp_path / "w")
    with pytest.raises(TrackbenchError, match="not a convtracker with n=0"):
        learned("convtracker", 0, tmp_path / "w")


def test_weights_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TrackbenchError, match="there is no weights file"):
        learned(weights=tmp_path / "none")
    monkeypatch.setattr(module, "SHIPPED", tmp_path)
    with pytest.raises(TrackbenchError, match="no weights are shipped for a rectracker with n=5"):
        learned(n=5)
    save(tmp_path / "rectracker-att1.safetensors", build(replace(TINY, n=1)), Provenance())
    with pytest.raises(DamagedFileError, match=r"is not the file that .*SHA256SUMS states"):
        learned(n=1)
    hashed = hashlib.sha256((tmp_path / "rectracker-att1.safetensors").read_bytes()).hexdigest()
    (tmp_path / "SHA256SUMS").write_text(f"{hashed}  rectracker-att1.safetensors\n")
    assert learned(n=1).spec.n == 1


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("not weights")
    with pytest.raises(DamagedFileError, match="not a whole safetensors file"):
        learned(weights=tmp_path / "w")


def test_devices_that_are_not_there(tmp_path: Path) -> None:
    save(tmp_path / "w", build(TINY), Provenance())
    with pytest.raises(TrackbenchError, match="there is no device 'abacus'"):
        learned(weights=tmp_path / "w", device="abacus")
    with pytest.raises(TrackbenchError, match="'meta' is no device to compute on"):
        learned(weights=tmp_path / "w", device="meta")
    if not torch.cuda.is_available():
        with pytest.raises(TrackbenchError, match="finds no CUDA device"):
            learned(weights=tmp_path / "w", device="cuda")


@pytest.mark.parametrize("seen", [1, 3])
def test_int8_changes_boxes_by_less_than_a_tenth_of_a_pixel(tmp_path: Path, seen: int) -> None:
    exact = build(NetworkSpec(n=seen), seed=2)
    save(tmp_path / "w", exact, Provenance())
    draw = np.random.default_rng(0)
    frames = draw.integers(0, 256, (5, 3, 100, 100), np.uint8)
    boxes = np.array([[10.0, 20.0, 28.0, 28.0]] * 3)
    rounded = follow(learned(n=seen, weights=tmp_path / "w"), frames, boxes)
    whole = follow(LearnedTracker(exact, torch.device("cpu")), frames, boxes)
    assert 0 < np.abs(rounded - whole).max() < 0.1
