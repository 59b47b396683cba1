"""How things move and grow: bouncing walks with random acceleration, and a random walk in scale.

Section 4 of arXiv 1511.06425, with the gaps filled from the authors' published generator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets import exact
from trackbench.datasets.streams import Stream


@dataclass(frozen=True)
class Walks:
    """Paths of several things over T frames.

    Attributes:
        pixels: (paths, T, 2) int64, (row, column) of the top left corner.
        bounce: (paths, T) bool, a wall was hit in this frame.
    """

    pixels: NDArray[np.int64]
    bounce: NDArray[np.bool_]


def walks(
    stream: Stream, steps: list[float], travel: list[int], acceleration: float, length: int
) -> Walks:
    """Walk ``len(steps)`` paths for ``length`` frames, one step being taken before frame 0.

    A path starts uniformly in [0, 1]^2 with speed abs(N(0, 1)) in a uniform direction. Each frame
    the position grows by step * velocity, then the velocity by N(0, acceleration) on each
    component; at a wall the position is clamped and that component flips. Positions are scaled by
    ``travel`` pixels and truncated.
    """
    paths = len(steps)
    start = stream.uniform(2 * paths)
    # The noise is drawn last and frame by frame, so a shorter video is a prefix of a longer one.
    first, way, later = np.split(stream.normal(3 * paths + length * 2 * paths), [paths, 3 * paths])
    speed = np.abs(first)
    # A pair of normals over its length is a uniform direction without sine or cosine.
    direction = way.reshape(paths, 2)
    norm = np.sqrt(direction[:, 0] * direction[:, 0] + direction[:, 1] * direction[:, 1])
    velocity = (direction / norm[:, None] * speed[:, None]).ravel()
    noise = (later * acceleration).reshape(length, 2 * paths)

    position = np.array(
        [
            _walk(
                float(start[axis]), float(velocity[axis]), noise[:, axis].tolist(), steps[axis // 2]
            )
            for axis in range(2 * paths)
        ]
    )
    bounce = _at_wall(position)
    scaled = position.reshape(paths, 2, length) * np.array(travel, np.float64)[:, None, None]
    return Walks(
        pixels=scaled.astype(np.int64).transpose(0, 2, 1),
        bounce=np.logical_or(bounce[0::2], bounce[1::2]),
    )


def scales(stream: Stream, objects: int, magnitude: float, length: int) -> list[list[float]]:
    """Return for each object its ``length`` factors exp(magnitude * U(-1/2, 1/2))."""
    drawn = stream.uniform(length * objects).reshape(length, objects)
    factors = exact.exp_small(magnitude * (drawn - 0.5))
    return [column.tolist() for column in factors.T]


def sides(
    factors: list[float], corners: NDArray[np.int64], native: int, smallest: int, canvas: int
) -> list[int]:
    """Return the side in pixels of a sprite in each frame.

    The size is multiplied by its factor, cumulatively, and never falls below ``smallest``; where
    the sprite would leave the canvas it returns to ``native``. What is drawn is the size truncated.
    """
    drawn = []
    size, least = float(native), float(smallest)
    for factor, corner in zip(factors, corners.max(axis=1).tolist(), strict=True):
        size *= factor
        size = max(size, least)
        side = int(size)
        if corner + side > canvas:
            size, side = float(native), native
        drawn.append(side)
    return drawn


def _walk(position: float, velocity: float, noise: list[float], step: float) -> list[float]:
    """Walk one coordinate in [0, 1]; the two coordinates of a path do not depend on each other."""
    positions = []
    for push in noise:
        position += step * velocity
        velocity += push
        if not 0.0 < position < 1.0:
            position = 0.0 if position <= 0.0 else 1.0
            velocity = -velocity
        positions.append(position)
    return positions


def _at_wall(position: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return where a coordinate has hit a wall: nothing is exactly there but what was put there."""
    hit: NDArray[np.bool_] = (position == 0.0) | (position == 1.0)
    return hit
