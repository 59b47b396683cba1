"""A video that every tracker can follow, and the measure of how well one did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray


@dataclass(frozen=True)
class Video:
    """Read-only frames (T, H, W[, 3]) uint8 and true boxes (T, 4)."""

    frames: NDArray[np.uint8]
    boxes: NDArray[np.float64]

    def in_colour(self) -> Video:
        """The same with three equal channels."""
        return Video(_frozen(np.stack([self.frames] * 3, axis=-1)), self.boxes)

    def follow(self, tracker: Any) -> NDArray[np.float64]:
        """Boxes (T, 4) of a tracker started on the true one."""
        first = tracker.init(self.frames[0], self.boxes[0])
        boxes = [self.boxes[0] if first is None else first]
        boxes += [tracker.update(frame) for frame in self.frames[1:]]
        return np.array(boxes, dtype=np.float64)

    def mean_iou(self, boxes: NDArray[np.float64]) -> float:
        """Mean over the frames after the first of the IoU of ``boxes`` (T, 4) with the truth."""
        a, b = boxes[1:], self.boxes[1:]
        low = np.maximum(a[:, :2], b[:, :2])
        high = np.minimum(a[:, :2] + a[:, 2:], b[:, :2] + b[:, 2:])
        common = (high - low).clip(0).prod(axis=1)
        union = a[:, 2:].prod(axis=1) + b[:, 2:].prod(axis=1) - common
        return float((common / union).mean())


@pytest.fixture
def moving_square() -> Callable[..., Video]:
    """Make videos of a 28 x 28 chessboard of random greys that moves over flickering noise."""

    def make(seed: int = 0, length: int = 20, step: tuple[int, int] = (2, 1)) -> Video:
        rng = np.random.default_rng(seed)
        square = np.kron(rng.integers(60, 256, (7, 7)), np.ones((4, 4))).astype(np.uint8)
        noise = rng.integers(0, 40, (100, 100))
        flicker = rng.integers(0, 10, (length, 100, 100))
        frames = (noise + flicker).astype(np.uint8)
        corners = np.array([20, 30]) + np.arange(length)[:, None] * step
        for frame, (x, y) in zip(frames, corners, strict=True):
            frame[y : y + 28, x : x + 28] = square
        boxes = np.hstack([corners, np.full((length, 2), 28)]).astype(np.float64)
        return Video(_frozen(frames), boxes)

    return make


def _frozen(frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    frames.flags.writeable = False
    return frames
