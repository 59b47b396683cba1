"""How fast videos are made, against the plain way that the paper's authors' generator goes."""

from __future__ import annotations

import time

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture
from scipy import ndimage

from trackbench.datasets import clutter, digits
from trackbench.datasets.clutter import ClutterParameters
from trackbench.datasets.digits import Digits
from trackbench.plugins import registry

LENGTH = 160
CANVAS = 100
NATIVE = 28
POOL = 256
ROUNDS = 7
OURS_A_ROUND = 100
PLAIN_A_ROUND = 6
TIMES_AS_FAST = 15


@pytest.mark.benchmark(group="generation", timer=time.process_time)
def test_one_digit_videos_are_made_15_times_as_fast_as_the_plain_way(
    benchmark: BenchmarkFixture,
) -> None:
    """Both are timed in processor seconds of this one process, round by round in turn."""
    dataset = registry.build_dataset(registry.datasets().get("mnist-single-same"))
    images = digits.load(Digits.TEST)
    clutter_images = np.stack(
        [
            clutter.clutter_image(ClutterParameters(), Digits.TEST, dataset.spec.seed, i)
            for i in range(POOL)
        ]
    ).astype(np.float32)
    random = np.random.default_rng(0)
    plain_seconds: list[float] = []

    def plain() -> None:
        begun = time.process_time()
        for _ in range(PLAIN_A_ROUND):
            plain_video(random, images, clutter_images)
        plain_seconds.append(time.process_time() - begun)

    def ours() -> None:
        for index in range(OURS_A_ROUND):
            dataset.sequence(index)

    # pytest-benchmark calls the setup before each round and does not time it.
    benchmark.pedantic(ours, setup=plain, rounds=ROUNDS, warmup_rounds=1)

    ours_fps = OURS_A_ROUND * LENGTH / benchmark.stats.stats.min
    plain_fps = PLAIN_A_ROUND * LENGTH / min(plain_seconds)
    ratio = ours_fps / plain_fps
    benchmark.extra_info |= {"frames/s": ours_fps, "plain frames/s": plain_fps, "ratio": ratio}
    print(  # noqa: T201 - a benchmark is run to read its figures
        f"\none-digit videos of {LENGTH} frames, one core: {ours_fps:,.0f} frames/s, "
        f"the plain way {plain_fps:,.0f}: {ratio:.1f} times as fast"
    )
    assert ratio >= TIMES_AS_FAST


@pytest.mark.thorough
def test_the_plain_way_draws_a_digit_and_labels_its_tight_box() -> None:
    """A baseline that did less work, or other work, would make the ratio meaningless."""
    random = np.random.default_rng(0)
    images = digits.load(Digits.TEST)
    pool = np.zeros((1, 2 * CANVAS, 2 * CANVAS), np.float32)
    frames, labels = plain_video(random, images, pool)
    assert frames.shape == (LENGTH, CANVAS, CANVAS)
    # Without clutter only the digit is opaque, so its tight box is the label.
    for frame, (left, top, right, bottom) in zip(frames, labels, strict=True):
        rows, columns = np.nonzero(frame)
        assert (columns.min(), rows.min(), columns.max(), rows.max()) == (left, top, right, bottom)


def plain_video(
    random: np.random.Generator, images: NDArray[np.uint8], pool: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Make one video frame by frame: zoom the digit, lay three whole layers over one another.

    Returns (T, 100, 100) frames and (T, 4) inclusive corners (left, top, right, bottom).
    """
    tops, lefts = plain_trajectory(random, 0.1, CANVAS - NATIVE)
    window_tops, window_lefts = plain_trajectory(random, 0.01, CANVAS)
    behind, front = pool[random.integers(0, len(pool), 2)]
    native = images[random.integers(len(images))] / 255.0 * random.uniform(64, 255)
    frames = np.zeros((LENGTH, CANVAS, CANVAS), np.float32)
    labels = np.zeros((LENGTH, 4), np.int64)
    digit = native
    for t in range(LENGTH):
        top, left, y, x = tops[t], lefts[t], window_tops[t], window_lefts[t]
        window = slice(y, y + CANVAS), slice(x, x + CANVAS)
        frames[t] = overlay(frames[t], behind[window])
        factor = np.exp(0.1 * (random.random() - 0.5))
        digit = ndimage.zoom(digit, max(factor, 8 / len(digit)))
        if max(top, left) + len(digit) > CANVAS:
            digit = native
        side = len(digit)
        region = slice(top, top + side), slice(left, left + side)
        frames[t][region] = overlay(frames[t][region], digit)
        rows, columns = np.nonzero(digit > digit.max() / 4)
        labels[t] = left + columns.min(), top + rows.min(), left + columns.max(), top + rows.max()
        frames[t] = overlay(frames[t], front[window])
    return frames, labels


def overlay(below: NDArray[np.float32], above: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lay ``above`` over ``below``, but for what is at most a quarter of its maximum."""
    above = np.where(above > above.max() / 4, above, 0)
    return np.select([above == 0, above != 0], [below, above])


def plain_trajectory(
    random: np.random.Generator, step: float, travel: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the (T,) rows and columns of a bouncing walk."""
    position = random.random(2)
    angle = random.uniform(0, 2 * np.pi)
    velocity = random.normal() * np.array([np.sin(angle), np.cos(angle)])
    path = np.empty((LENGTH, 2))
    for t in range(LENGTH):
        position += velocity * step
        velocity += random.normal(0, 0.1, 2)
        for axis in range(2):
            if position[axis] <= 0 or position[axis] >= 1:
                position[axis] = min(max(position[axis], 0), 1)
                velocity[axis] = -velocity[axis]
        path[t] = position
    rows, columns = (travel * path).astype(np.int64).T
    return rows, columns
