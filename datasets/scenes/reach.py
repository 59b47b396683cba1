"""How far a shape reaches from its middle, in any direction: its support function, from above."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_DIRECTIONS = 256


@dataclass(frozen=True)
class Reach:
    """How far a shape reaches, half the side of the square around it being 1.

    Attributes:
        table: for each of ``_DIRECTIONS`` directions, and up to half-way to those beside it.
    """

    table: tuple[float, ...]

    def towards(self, across: float, down: float) -> float:
        """Return how far it reaches in a direction, or a little more.

        Args:
            across: of the direction, which has any length.
            down: of the same.
        """
        turns = math.atan2(down, across) / (2 * math.pi)
        return self.table[round(turns * _DIRECTIONS) % _DIRECTIONS]


def reach(shape: NDArray[np.bool_]) -> Reach:
    """Return how far the middles of a shape's pixels reach from that of a square.

    Args:
        shape: (S, S), not empty.
    """
    half = len(shape) / 2
    rows, columns = np.nonzero(_rim(shape))
    places = np.stack((columns, rows)) + 0.5 - half
    angles = np.arange(_DIRECTIONS) * (2 * math.pi / _DIRECTIONS)
    farthest = (np.stack((np.cos(angles), np.sin(angles)), axis=1) @ places).max(axis=1)
    # Where a direction turns by so much, what is farthest in it goes as far, times its distance.
    turned = math.hypot(*np.abs(places).max(axis=1).tolist()) * math.pi / _DIRECTIONS
    return Reach(tuple(((farthest + turned) / half).tolist()))


def _rim(shape: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the pixels of a shape that are not between two others of it in their row."""
    between = np.zeros_like(shape)
    between[:, 1:-1] = shape[:, :-2] & shape[:, 2:]
    return shape & ~between
