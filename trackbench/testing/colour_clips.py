"""Easy videos in colour, in which only red and blue tell the target from what it is not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Frame
from trackbench.testing.drawing import FRAMES, SIDE, Clip, paste, path, texture

COLOUR = ("red", "blue", "twins", "twins-turned", "twins-grey")
_GREEN = 90
_LUMA = np.array([0.299, 0.587, 0.114])
"""Of red, green and blue (ITU-R BT.601)."""


def red(name: str) -> Clip:
    """Return a video whose target is seen in grey only if red is weighed as red.

    Where the target is redder than the ground, its blue is as much darker as leaves the luma of
    BGR, that is with the weights of red and blue exchanged, what it is on the ground. So a tracker
    that takes the frames for BGR and converts them to grey sees no target.
    """
    size = (26, 20)
    boxes = np.empty((FRAMES, 4))
    boxes[:, :2] = np.rint(path((70, 32), (10, 9), 11) - np.array(size) / 2)
    boxes[:, 2:] = size
    more = texture(size, 11).astype(np.float64) - 25  # 125 to 230
    target = np.stack(
        [20 + more, np.full(more.shape, _GREEN), 92 - more * _LUMA[2] / _LUMA[0]], axis=-1
    )
    noise = np.random.default_rng(11)
    frames = np.empty((FRAMES, SIDE, SIDE, 3), np.uint8)
    for frame, box in zip(frames, boxes.astype(int), strict=True):
        picture = np.empty((SIDE, SIDE, 3))
        picture[:] = 20, _GREEN, 92
        paste(picture, target, box[0], box[1])
        # Without it, what rounding leaves of the target could still be found.
        picture += noise.integers(-3, 4, (SIDE, SIDE, 1))
        frame[:] = np.rint(picture).clip(0, 255)
    return Clip(name, "a red target on a blue ground", frames, boxes)


def blue(name: str) -> Clip:
    """Return :func:`red` with red and blue exchanged: what a tracker for BGR expects."""
    made = red(name)
    return Clip(name, "a blue target on a red ground", made.frames[..., ::-1].copy(), made.boxes)


def twins(name: str) -> Clip:
    """Return a red target, to which another object comes close: red and blue exchanged.

    Its texture is a little different, too: a tracker that looks at brightness alone does not take
    it for the target.
    """
    return _pair(name, side=1)


def twins_turned(name: str) -> Clip:
    """Return :func:`twins` with the other one on the other side."""
    return _pair(name, side=-1)


def twins_grey(name: str) -> Clip:
    """Return :func:`twins` in grey: a tracker that follows the twin here does not see colours."""
    made = twins(name)
    grey = np.rint(made.frames @ np.full(3, 1 / 3)).astype(np.uint8)
    frames = np.repeat(grey[..., None], 3, axis=-1)
    return Clip(name, "a target beside its twin, in grey", frames, made.boxes, made.other)


def _pair(name: str, side: int) -> Clip:
    size = (20, 24)
    boxes = np.empty((FRAMES, 4))
    boxes[:, :2] = np.rint(path((50, 34.0), (4, 9), 12) - np.array(size) / 2)
    boxes[:, 2:] = size
    other = boxes.copy()
    # It comes near enough for a tracker that searches around its last box, and goes away again.
    other[:, 0] += side * (22 + (np.abs(np.arange(FRAMES) - 16) - 6).clip(0, 9))
    target, twin = _coloured(texture(size, 12)), _coloured(texture(size, 12))
    twin = np.where(texture(size, 13)[..., None] > 230, twin // 2 + 40, twin)[..., ::-1]
    frames = np.full((FRAMES, SIDE, SIDE, 3), 30, np.uint8)
    for frame, first, second in zip(frames, boxes.astype(int), other.astype(int), strict=True):
        paste(frame, twin.astype(np.uint8), second[0], second[1])
        paste(frame, target.astype(np.uint8), first[0], first[1])
    return Clip(name, "a red target beside a blue twin", frames, boxes, other)


def _coloured(grey: Frame) -> NDArray[np.int64]:
    """Return (h, w, 3): much red, some green, hardly any blue."""
    strength = grey.astype(np.int64)
    return np.stack([strength, strength // 2, strength - 140], axis=-1)
