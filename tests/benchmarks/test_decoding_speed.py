"""Frames through the readers, beside bare OpenCV on the same files, on one core."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from trackbench.datasets.readers.annotated_video import AnnotatedVideo
from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.images import ImageFiles, list_images
from trackbench.plugins.decoder_complaints import watched

FRAMES = 100
ROUNDS = 9
SHARE = 0.9


@pytest.fixture(
    params=[(100, 100), (240, 360), (720, 1280)], ids=["100x100", "360x240", "1280x720"]
)
def video(request: pytest.FixtureRequest, tmp_path: Path) -> AnnotatedVideo:
    """JPEG files as cameras write them: smooth, with some noise."""
    height, width = request.param
    random = np.random.default_rng(0)
    coarse = random.integers(0, 256, (height // 20, width // 20, 3), np.uint8)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    for index in range(FRAMES):
        noisy = cv2.add(smooth, random.integers(0, 12, smooth.shape, np.uint8))
        assert cv2.imwrite(str(tmp_path / f"{index:04d}.jpg"), noisy)
    boxes, absent = np.tile([1.0, 2, 3, 4], (FRAMES, 1)), np.zeros(FRAMES, bool)
    images = list_images(tmp_path, tmp_path)
    return AnnotatedVideo(name="a", images=images, boxes=boxes, absent=absent)


def test_decoding_is_nine_tenths_as_fast_as_imread(
    benchmark: BenchmarkFixture, video: AnnotatedVideo
) -> None:
    assert isinstance(video.images, ImageFiles)
    names = list(video.images.texts)
    frames = DecodedFrames.of(video, ahead=0)
    cv2.setNumThreads(1)
    bare: list[float] = []
    ours: list[float] = []

    def in_turns() -> None:  # for a machine's speed changes
        bare.append(seconds(lambda: [cv2.imread(name) for name in names]))
        ours.append(seconds(lambda: [frame.shape for frame in frames]))

    with watched():  # as in the makers of a run
        benchmark.pedantic(in_turns, rounds=ROUNDS)
    share = min(bare) / min(ours)
    benchmark.extra_info["frames/s"] = round(FRAMES / min(ours))
    benchmark.extra_info["share of imread"] = round(share, 3)
    assert share >= SHARE


def seconds(work: Callable[[], object]) -> float:
    """Return the processor's time, of all threads."""
    started = time.process_time()
    work()
    return time.process_time() - started
