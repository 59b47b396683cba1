"""Batches: right videos, right order, the same with and without workers."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import cloudpickle
import numpy as np
import pytest
import torch

from trackbench.contracts import DatasetSpec, Video
from trackbench.errors import TrackbenchError
from trackbench.trackers.training.plan import Clip, Plan
from trackbench.trackers.training.recipe import Recipe, Stage
from trackbench.trackers.training.stream import Batch, batches, cut

SIDE = 16


@pytest.fixture(scope="module", autouse=True)
def _classes_travel() -> Iterator[None]:
    """Workers cannot import this module, so they get its classes themselves."""
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    yield
    cloudpickle.unregister_pickle_by_value(sys.modules[__name__])


@dataclass
class Marked:
    """Frame t of sequence i is filled with i * 20 + t; a 2 x 3 target lies at (i, t)."""

    spec: DatasetSpec = field(
        default_factory=lambda: DatasetSpec(id="m", factory="", seed=0, sequences=9, length=12)
    )
    made: list[tuple[int, int]] = field(default_factory=list)

    def sequence(self, index: int, length: int | None = None) -> Video:
        assert length is not None
        self.made.append((index, length))
        values = index * 20 + np.arange(length, dtype=np.uint8)
        boxes = np.array([[index, t, 2.0, 3.0] for t in range(length)])
        return Video(np.tile(values[:, None, None], (1, SIDE, SIDE)), boxes)


RECIPE = Recipe(
    name="t",
    stages=(Stage(until=0.5, frames=3, batch=4), Stage(frames=5, batch=6, latest_start=4)),
    replay=0.5,
    buffer=6,
)


def plan() -> Plan:
    return Plan(RECIPE, steps=8, datasets=1, seed=5)


def made(steps: range, workers: int = 0, dataset: Marked | None = None) -> list[Batch]:
    with batches([dataset or Marked()], plan(), steps, workers=workers, pin=False) as stream:
        return list(stream)


def test_batches_hold_what_the_plan_says() -> None:
    for step, batch in enumerate(made(range(8))):
        planned = plan().batch(step)
        frames = planned.stage.frames
        assert batch.frames.shape == (frames, len(planned.clips), SIDE, SIDE)
        assert batch.frames.dtype == torch.uint8
        assert batch.boxes.dtype == torch.float32
        for b, clip in enumerate(planned.clips):
            index = clip.index % 9  # a finite data set is gone through again
            times = torch.arange(clip.start, clip.start + frames)
            assert torch.equal(batch.frames[:, b, 3, 7], (index * 20 + times).to(torch.uint8))
            assert torch.equal(batch.boxes[:, b, 1], times.float())
            assert (batch.boxes[:, b, 0] == index).all()


def test_starting_later_gives_the_same_batches() -> None:
    for early, late in zip(made(range(8))[5:], made(range(5, 8)), strict=True):
        assert torch.equal(early.frames, late.frames)
        assert torch.equal(early.boxes, late.boxes)


def test_a_sequence_is_made_once() -> None:
    dataset = Marked(DatasetSpec(id="m", factory="", seed=0, sequences=10**6, length=12))
    asked = {clip.index for step in range(4) for clip in plan().batch(step).clips}
    with batches([dataset], plan(), range(4), workers=0, pin=False) as stream:
        for _ in stream:
            pass
    assert sorted(dataset.made) == sorted((index, 3) for index in asked)


@pytest.mark.thorough
def test_workers_make_the_same_batches() -> None:
    for alone, helped in zip(made(range(8)), made(range(8), workers=1), strict=True):
        assert torch.equal(alone.frames, helped.frames)
        assert torch.equal(alone.boxes, helped.boxes)


@pytest.mark.thorough
def test_leaving_early_ends_the_workers() -> None:
    with batches([Marked()], plan(), range(8), workers=1, pin=False) as stream:
        assert len(list(itertools.islice(stream, 2))) == 2


class Broken(Marked):
    def sequence(self, index: int, length: int | None = None) -> Video:
        if index > 4:
            raise RuntimeError("no such video")
        return super().sequence(index, length)


@pytest.mark.parametrize("workers", [0, 1])
def test_what_a_data_set_raises_reaches_the_caller(workers: int) -> None:
    with pytest.raises(TrackbenchError, match=r"cannot be made: .*no such video"):
        made(range(8), workers, Broken())


def drawn(box: tuple[int, int, int, int]) -> np.ndarray:
    x, y, w, h = box
    frame = np.zeros((SIDE, SIDE), np.uint8)
    frame[y : y + h, x : x + w] = 1
    return frame


@pytest.mark.parametrize("mirror", range(8))
@pytest.mark.parametrize("reverse", [False, True])
def test_boxes_stay_on_their_targets_in_every_mirror(mirror: int, reverse: bool) -> None:
    corners = [(1 + t, 2, 3 + t, 5) for t in range(4)]
    frames = np.stack([drawn(box) for box in corners])
    seen, boxes = cut(frames, np.array(corners, float), Clip(0, 0, 1, mirror, reverse), 3)
    assert len(seen) == len(boxes) == 3
    for frame, box in zip(seen, boxes, strict=True):
        x, y, w, h = box.astype(int)
        np.testing.assert_array_equal(frame, drawn((x, y, w, h)))
    assert boxes[0, 2:].max() == (6 if reverse else 5)


def test_the_eight_mirrors_differ() -> None:
    frames = np.stack([drawn((1, 2, 3, 5))])
    boxes = np.array([[1.0, 2.0, 3.0, 5.0]])
    assert len({cut(frames, boxes, Clip(0, 0, 0, m, False), 1)[0].tobytes() for m in range(8)}) == 8
