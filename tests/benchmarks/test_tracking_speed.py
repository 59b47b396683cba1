"""How fast a network tracks in lockstep: against one video at a time, and the bare product."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import numpy as np
import pytest
import torch
from pytest_benchmark.fixture import BenchmarkFixture

from trackbench.contracts import Boxes, Frame
from trackbench.plugins import registry
from trackbench.trackers.learned import LearnedTracker
from trackbench.trackers.networks import NAMED, build

BATCH, LENGTH, ROUNDS = 125, 20, 5
TIMES_ALONE, SHARE_OF_PRODUCT = 10, 0.5


@pytest.mark.benchmark(group="tracking", timer=time.perf_counter)
@pytest.mark.parametrize("name", ["rectracker-id", "rectracker-att1"])
def test_lockstep_is_10_times_as_fast_as_one_video_at_a_time(
    benchmark: BenchmarkFixture, name: str
) -> None:
    """By the clock, on all processors; speed does not depend on what the weights are."""
    spec = registry.datasets().get("mnist-multi-same")
    dataset = registry.build_dataset(spec)
    videos = [dataset.sequence(index, LENGTH) for index in range(BATCH)]
    frames = np.stack([video.frames for video in videos], axis=1)
    boxes = np.stack([video.boxes[0] for video in videos])
    tracker = LearnedTracker(build(NAMED[name], seed=0), torch.device("cpu"))
    threads = torch.get_num_threads()
    torch.set_num_threads(os.cpu_count() or 1)
    try:
        alone = 1 / seconds(lambda: follow(tracker, frames[:, :1], boxes[:1])) * LENGTH
        product = BATCH / seconds(matrix_product(tracker.spec.features, 3 * tracker.spec.hidden))
        benchmark.pedantic(follow, args=(tracker, frames, boxes), rounds=ROUNDS, warmup_rounds=1)
    finally:
        torch.set_num_threads(threads)
    lockstep = BATCH * LENGTH / benchmark.stats.stats.min
    benchmark.extra_info |= {"alone": alone, "lockstep": lockstep, "product": product}
    print(  # noqa: T201 - a benchmark is run to read its figures
        f"\n{name}, frames/s: {alone:,.0f} alone, {lockstep:,.0f} in batches of {BATCH} "
        f"({lockstep / alone:.1f} times), {product:,.0f} the matrix product by itself "
        f"({lockstep / product:.0%})"
    )
    assert lockstep >= TIMES_ALONE * alone
    assert lockstep >= SHARE_OF_PRODUCT * product


def follow(tracker: LearnedTracker, frames: Frame, boxes: Boxes) -> None:
    """Frames (T, B, H, W) from the boxes (B, 4)."""
    tracker.init(frames[0], boxes)
    for frame in frames[1:]:
        tracker.update(frame)


def matrix_product(features: int, outputs: int) -> Callable[[], object]:
    """What the machine reaches on the large matrix, at the batch's shapes, float32."""
    seen, matrix = torch.rand(BATCH, features), torch.rand(outputs, features)
    return lambda: torch.nn.functional.linear(seen, matrix)


def seconds(work: Callable[[], object]) -> float:
    """The best of several rounds, after one to warm up, by the clock."""
    best = float("inf")
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best
