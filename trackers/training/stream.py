"""Batches of videos for training, in the order of a plan, from any step on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from trackbench.contracts import Boxes, Dataset, Frame
from trackbench.trackers.training.generation import Generator
from trackbench.trackers.training.plan import BatchPlan, Clip, Plan

AHEAD = 4
"""Batches that the workers prepare in advance."""


@dataclass(frozen=True)
class Batch:
    """B videos of T frames.

    Attributes:
        frames: (T, B, K, K) uint8.
        boxes: (T, B, 4) float32, true boxes ``(x, y, w, h)`` in pixels.
    """

    frames: Tensor
    boxes: Tensor

    def to(self, device: torch.device) -> Batch:
        """The batch on a device; the copy from pinned memory does not wait."""
        return Batch(
            self.frames.to(device, non_blocking=True), self.boxes.to(device, non_blocking=True)
        )


@contextmanager
def batches(
    datasets: Sequence[Dataset], plan: Plan, steps: range, *, workers: int, pin: bool
) -> Iterator[Iterator[Batch]]:
    """The batches of ``steps``; with workers, made in the background.

    Args:
        datasets: the training sets, in the plan's order.
        plan: what each batch is made of.
        steps: the batches wanted.
        workers: processes that generate; 0: the caller's own thread does, when a batch is due.
        pin: put the batches into page-locked memory, for CUDA.
    """
    generator = Generator(datasets, workers)
    made = _make(generator, plan, steps, pin=pin)
    try:
        if workers:
            with _in_background(made) as ready:
                yield ready
        else:
            yield made
    finally:
        generator.close()


def assemble(generator: Generator, planned: BatchPlan) -> Batch:
    """Make the batch of a plan."""
    stage = planned.stage
    frames, boxes = [], []
    for clip in planned.clips:
        video = generator.video(clip.dataset, clip.index, stage.reach)
        seen, true = cut(*video, clip, stage.frames)
        frames.append(seen)
        boxes.append(true)
    generator.forget(planned.oldest)
    return Batch(
        torch.from_numpy(np.stack(frames, axis=1)),
        torch.from_numpy(np.stack(boxes, axis=1, dtype=np.float32, casting="same_kind")),
    )


def cut(frames: Frame, boxes: Boxes, clip: Clip, length: int) -> tuple[Frame, Boxes]:
    """A clip's frames (length, K, K) and boxes (length, 4), mirrored and reversed as it says."""
    span = slice(clip.start, clip.start + length)
    frames, (x, y, w, h) = frames[span], boxes[span].T
    if clip.mirror & 1:
        frames, x = frames[:, :, ::-1], frames.shape[2] - x - w
    if clip.mirror & 2:
        frames, y = frames[:, ::-1], frames.shape[1] - y - h
    if clip.mirror & 4:
        frames, x, y, w, h = frames.transpose(0, 2, 1), y, x, h, w
    order = slice(None, None, -1 if clip.reverse else 1)
    return frames[order], np.stack((x, y, w, h), axis=1)[order]


def _make(generator: Generator, plan: Plan, steps: range, *, pin: bool) -> Iterator[Batch]:
    for step in steps:
        for later in range(step, min(step + AHEAD, steps.stop)):
            planned = plan.batch(later)
            for clip in planned.clips:
                generator.prepare(clip.dataset, clip.index, planned.stage.reach)
        batch = assemble(generator, plan.batch(step))
        yield Batch(batch.frames.pin_memory(), batch.boxes.pin_memory()) if pin else batch


@contextmanager
def _in_background(made: Iterator[Batch]) -> Iterator[Iterator[Batch]]:
    """Run an iterator in a thread, a few batches ahead."""
    with ThreadPoolExecutor(1, thread_name_prefix="batches") as thread:
        # One thread, so the calls run one after the other, in the order of the batches.
        due = deque(thread.submit(next, made, None) for _ in range(AHEAD))

        def items() -> Iterator[Batch]:
            while (batch := due.popleft().result()) is not None:
                due.append(thread.submit(next, made, None))
                yield batch

        try:
            yield items()
        finally:
            for waiting in due:
                waiting.cancel()
