"""Frames of moving digits, from behind to in front: clutter, other digits, the target, clutter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Frame
from trackbench.datasets import clutter, grain
from trackbench.datasets.mnist_factors.moving import Cast, Moving
from trackbench.datasets.mnist_factors.parameters import MnistFactorsParameters
from trackbench.datasets.streams import Purpose, Stream


@dataclass(frozen=True)
class Rendered:
    """Frames, and what is true of them.

    Attributes:
        frames: (T, H, W) uint8.
        visible: (T, H, W) bool, the target's pixels that are seen.
        others: (T, H, W) bool, what is seen of other digits and twins.
        target, neighbours, twins: what moves; the neighbours are other digits and twins.
        gains: (T,) brightness in 256ths.
    """

    frames: Frame
    visible: NDArray[np.bool_]
    others: NDArray[np.bool_]
    target: Moving
    neighbours: list[Moving]
    twins: list[Moving]
    gains: NDArray[np.int64]


def render(parameters: MnistFactorsParameters, seed: int, index: int, length: int) -> Rendered:
    """Render the first ``length`` frames of a sequence."""
    p = parameters
    cast = Cast(p, seed, index, length)
    corners = cast.windows()
    behind, front = _clutter(p, seed, index)
    gaps = clutter.windows(front, corners, p.canvas) == 0
    frames = clutter.windows(np.where(front == 0, behind, front), corners, p.canvas)
    target, others, twins = cast.target(), cast.others(), cast.twins()
    hidden = np.zeros_like(gaps)
    for moving in (*others, *twins):
        hidden |= _draw(frames, moving, gaps)
    visible = _draw(frames, target, gaps)
    gains = cast.gains()
    if (gains != 256).any():
        frames[:] = frames * gains.astype(np.uint16)[:, None, None] + np.uint16(128) >> 8
    for frame, time in zip(frames, range(length), strict=True):
        grain.add_grain(frame, Stream(seed, Purpose.NOISE, index, time * p.interval), p.noise)
    return Rendered(frames, visible, hidden & ~visible, target, [*others, *twins], twins, gains)


def _clutter(
    p: MnistFactorsParameters, seed: int, index: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return two different clutter images: behind and in front of everything that moves."""
    draw = Stream(seed, Purpose.CLUTTER_CHOICE, index)
    behind = int(draw.integers(0, p.clutter.images, 1)[0])
    front = (behind + 1 + int(draw.integers(0, p.clutter.images - 1, 1)[0])) % p.clutter.images
    return (
        clutter.nested_clutter_image(p.clutter, p.digits, seed, behind, p.background),
        clutter.nested_clutter_image(p.clutter, p.digits, seed, front, p.occluders),
    )


def _draw(frames: Frame, moving: Moving, gaps: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Draw a digit into T frames where the front has gaps; return (T, H, W), what is seen of it."""
    drawn = moving.sprites
    seen = np.zeros_like(gaps)
    side = drawn.value.shape[1]
    height, width = frames.shape[1:]
    for time, (row, column) in enumerate(drawn.corners.tolist()):
        top, bottom = max(row, 0), min(row + side, height)
        left, right = max(column, 0), min(column + side, width)
        here = (time, slice(top, bottom), slice(left, right))
        there = (time, slice(top - row, bottom - row), slice(left - column, right - column))
        np.logical_and(drawn.opaque[there], gaps[here], out=seen[here])
        np.copyto(frames[here], drawn.value[there], where=seen[here])
    return seen
