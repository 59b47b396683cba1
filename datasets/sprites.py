"""What moves: a digit or a pair of digits (MNIST-2), resampled in exact integer arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.digits import SIDE

PAIR_SIDE = 18


@dataclass(frozen=True)
class Sprite:
    """A sprite at one size.

    Attributes:
        value: (s, s) uint8, 0 where transparent.
        opaque: (s, s) bool, where the sprite hides what is below.
        pixels: number of opaque pixels.
        box: (x, y, w, h) of the opaque pixels, from the sprite's top left corner.
    """

    value: NDArray[np.uint8]
    opaque: NDArray[np.bool_]
    pixels: int
    box: tuple[int, int, int, int]


def cut(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Set to 0 what is at or below a quarter of the image's maximum: it is transparent."""
    visible: NDArray[np.uint8] = image * (image > image.max() // 4)
    return visible


def dim(image: NDArray[np.uint8], intensity: int | NDArray[np.int64]) -> NDArray[np.uint8]:
    """Multiply by intensity / 255, rounded to the nearest."""
    return ((image.astype(np.int32) * intensity + 127) // 255).astype(np.uint8)


def pair(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an MNIST-2 sprite, (28, 28): ``first`` at the top left, ``second`` over it.

    Each is max-pooled from 28 to 18 pixels and the second stands at the bottom right.
    """
    sprite = np.zeros((SIDE, SIDE), np.uint8)
    sprite[:PAIR_SIDE, :PAIR_SIDE] = cut(_max_pool(first))
    upper = cut(_max_pool(second))
    corner = sprite[-PAIR_SIDE:, -PAIR_SIDE:]
    np.copyto(corner, upper, where=upper > 0)
    return sprite


def resample(image: NDArray[np.uint8], side: int) -> Sprite:
    """Resample a (28, 28) image bilinearly to (side, side), half-pixel centres, edges repeated."""
    weights = _weights(image.shape[0], side)
    # Weights are integers that sum to 2 * side, so every partial sum is an integer below
    # 255 * (2 * side)**2 < 2**24 and float32 holds it exactly, in any order of summation.
    total = (weights @ image.astype(np.float32) @ weights.T).astype(np.int32)
    unit = 4 * side * side
    total += unit // 2
    total //= unit
    value = cut(total.astype(np.uint8))
    opaque = value > 0
    rows, columns = np.nonzero(opaque.any(axis=1))[0], np.nonzero(opaque.any(axis=0))[0]
    left, top = int(columns[0]), int(rows[0])
    return Sprite(
        value=value,
        opaque=opaque,
        pixels=int(np.count_nonzero(opaque)),
        box=(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top),
    )


@cache
def _weights(source: int, side: int) -> NDArray[np.float32]:
    """Return (side, source) interpolation weights times 2 * side, integers in float32."""
    if 255 * (2 * side) ** 2 >= 2**24:
        raise ValueError(f"a side of {side} pixels is too large to be resampled exactly")
    weights = np.zeros((side, source), np.float32)
    for i in range(side):
        # The centre of output pixel i lies at (2i + 1) * source / (2 * side) - 1/2 source pixels.
        whole, part = divmod((2 * i + 1) * source - side, 2 * side)
        weights[i, min(max(whole, 0), source - 1)] += 2 * side - part
        weights[i, min(max(whole + 1, 0), source - 1)] += part
    return weights


def _max_pool(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Max-pool (28, 28) to (18, 18): window i covers [floor(28 i / 18), ceil(28 (i + 1) / 18))."""
    windows = [(i * SIDE // PAIR_SIDE, -(-(i + 1) * SIDE // PAIR_SIDE)) for i in range(PAIR_SIDE)]
    rows = np.stack([image[a:b].max(axis=0) for a, b in windows])
    return np.stack([rows[:, a:b].max(axis=1) for a, b in windows], axis=1)
