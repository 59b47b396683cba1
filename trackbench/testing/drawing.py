"""How a small video is drawn: a texture moved over a ground, pixel by pixel as its box says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes, Frame

SIDE = 100
"""Pixels of a frame along x and y: the size that every built-in tracker takes."""
FRAMES = 40


@dataclass(frozen=True)
class Clip:
    """A video.

    Attributes:
        name: of it.
        words: what it shows, for a message.
        frames: (T, H, W[, 3]) uint8.
        boxes: (T, 4), the truth.
        other: (T, 4), boxes of an object that is not the target; None: there is none.
    """

    name: str
    words: str
    frames: Frame
    boxes: Boxes
    other: Boxes | None = None


def moving(
    name: str,
    words: str,
    size: tuple[int, int],
    middle: tuple[float, float],
    reach: tuple[float, float],
    seed: int,
) -> Clip:
    """Return a grey video of a target of ``size`` (w, h) that moves around ``middle`` (x, y)."""
    boxes = np.empty((FRAMES, 4))
    boxes[:, :2] = np.rint(path(middle, reach, seed) - np.array(size) / 2)
    boxes[:, 2:] = size
    return Clip(name, words, drawn(boxes, texture(size, seed), seed), boxes)


def path(
    middle: tuple[float, float], reach: tuple[float, float], seed: int, count: int = FRAMES
) -> NDArray[np.float64]:
    """Return a closed curve (T, 2) with changing speed, so that no earlier answer fits a frame."""
    angle = 2 * np.pi * np.arange(count) / FRAMES
    x = middle[0] + reach[0] * np.sin(2 * angle + seed)
    y = middle[1] + reach[1] * np.sin(3 * angle + 2 * seed)
    return np.stack([x, y], axis=1)


def texture(size: tuple[int, int], seed: int) -> Frame:
    """Return (h, w) grey values 150 to 255, in dots of two pixels."""
    width, height = size
    dots = np.random.default_rng(seed).integers(150, 256, (height // 2 + 1, width // 2 + 1))
    return np.kron(dots, np.ones((2, 2)))[:height, :width].astype(np.uint8)


def ground(seed: int) -> Frame:
    """Return (H, W) dark grey values, 24 to 32."""
    return np.random.default_rng(1000 + seed).integers(24, 33, (SIDE, SIDE)).astype(np.uint8)


def drawn(boxes: Boxes, texture: NDArray[np.uint8], seed: int) -> Frame:
    """Return frames with the texture at whole pixels, cut at the frame's edges."""
    frames = np.repeat(ground(seed)[None], len(boxes), axis=0)
    for frame, box in zip(frames, boxes.astype(int), strict=True):
        paste(frame, texture, box[0], box[1])
    return frames


def paste(frame: NDArray[Any], texture: NDArray[Any], x: int, y: int) -> None:
    """Draw a texture into a frame, its corner at (x, y); what lies outside is cut off."""
    height, width = texture.shape[:2]
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, SIDE), min(y + height, SIDE)
    if left < right and top < bottom:
        frame[top:bottom, left:right] = texture[top - y : bottom - y, left - x : right - x]
