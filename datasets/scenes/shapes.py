"""Closed random shapes: a radius that changes with the angle by a few harmonics.

The angle is never taken: cosines and sines of its multiples are powers of a unit vector, so that
only + - * / and sqrt decide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.streams import Purpose, Stream

SHAPES, GRAIN = 48, 192
"""Shapes in the library of leaves, and pixels of the side of each."""


@dataclass(frozen=True)
class Shapes:
    """The library of leaves' shapes.

    Attributes:
        inside: (SHAPES, GRAIN, GRAIN) bool.
        light: of the same shape, uint8, 128 is neither lit nor shaded.
    """

    inside: NDArray[np.bool_]
    light: NDArray[np.uint8]


@lru_cache(maxsize=2)
def leaf_shapes(seed: int) -> Shapes:
    """Return the shapes of the leaves of a data set."""
    inside, light = [], []
    for number in range(SHAPES):
        stream = Stream(seed, Purpose.SHAPE, number)
        distance, radius = polar(stream, GRAIN, waves=6, roughness=0.35)
        inside.append(distance < radius)
        light.append(lit(distance / radius, GRAIN))
    return Shapes(np.array(inside), np.array(light))


def polar(
    stream: Stream, side: int, waves: int, roughness: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (side, side): each pixel's distance from the middle, and the radius there.

    Half the side is 1; the radius is at most that.
    """
    across, down = _coordinates(side)
    distance = np.sqrt(across * across + down * down)
    cosine, sine = across / distance, down / distance
    turned_cosine, turned_sine = cosine, sine
    radius = np.ones_like(distance)
    most = 1.0
    drawn = stream.normal(2 * waves).reshape(waves, 2).tolist()
    for wave, (a, b) in enumerate(drawn, start=2):
        # The vector of wave times the angle, from that of one time less.
        turned_cosine, turned_sine = (
            turned_cosine * cosine - turned_sine * sine,
            turned_cosine * sine + turned_sine * cosine,
        )
        c, s = a * roughness / wave, b * roughness / wave
        radius += turned_cosine * c
        radius += turned_sine * s
        most += math.sqrt(c * c + s * s)
    return distance, np.maximum(radius, 0.25) / most


def lit(depth: NDArray[np.float64], side: int) -> NDArray[np.uint8]:
    """Return light on a dome, from the upper left; ``depth`` is 0 in the middle, 1 at the edge."""
    across, down = _coordinates(side)
    depth = np.minimum(depth, 1.0)
    level = 142.0 - 46.0 * depth * depth - (across * 0.6 + down) * 34.0
    return np.clip(np.rint(level), 0, 255).astype(np.uint8)


def _coordinates(side: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x (1, side) and y (side, 1) of the pixels' centres in (-1, 1)."""
    reach = (2.0 * np.arange(side) + 1.0 - side) / side
    return reach[None, :], reach[:, None]
