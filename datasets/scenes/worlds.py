"""The pool of worlds: a far layer without gaps, a nearer one, and one in front of the target."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.scenes import colours
from trackbench.datasets.scenes.leaves import Leaves, draw_leaves, on_soil, paint, softened
from trackbench.datasets.scenes.packed import Depth, Packed, Part, packed
from trackbench.datasets.streams import Purpose, Stream

MOST_SMALL, MOST_OCCLUDERS = 9000, 200
TRAVEL = (192, 256)
"""Rows and columns that the camera's window moves over the far layer."""
PARALLAX = (2, 3, 4)
"""Halves of the camera's way that the far, the near and the front layer move by."""
_GROUND, _NEAR = 500, 45
_FEW = 24
"""Occluders that are laid over a picture one by one, in less time than the whole layer."""


@dataclass(frozen=True)
class World:
    """What a camera looks at.

    Attributes:
        far: (H, W) packed colours.
        near: of the layer before it, with gaps.
        front, front_covered: of the layer before the target, with gaps, and where it is.
        front_squares: rows from and to, columns from and to, of each occluder; all that is not a
            gap lies in one of them.
        far_rgb: (H, W, 3) uint8, the far layer again.
    """

    far: Packed
    near: Packed
    front: Packed
    front_covered: NDArray[np.bool_]
    front_squares: tuple[tuple[int, int, int, int], ...]
    far_rgb: NDArray[np.uint8]

    def occluded(self, row: int, column: int, height: int, width: int) -> list[Part]:
        """Return the parts of a window on the front layer that hold all of it that is no gap."""
        if len(self.front_squares) > _FEW:
            return [(slice(0, height), slice(0, width))]
        return [
            (
                slice(max(top - row, 0), min(bottom - row, height)),
                slice(max(left - column, 0), min(right - column, width)),
            )
            for top, bottom, left, right in self.front_squares
            if top < row + height and bottom > row and left < column + width and right > column
        ]


def canvas(layer: int, height: int, width: int) -> tuple[int, int]:
    """Return (height, width) of a layer (0 far, 1 near, 2 front) for frames of a size."""
    return tuple(  # type: ignore[return-value]  # of two numbers
        side + travel * PARALLAX[layer] // 2
        for side, travel in zip((height, width), TRAVEL, strict=True)
    )


@lru_cache(maxsize=48)
def world(seed: int, index: int, small: int, occluders: int, height: int, width: int) -> World:
    """Return world ``index`` of the pool.

    Small leaves and occluders are the first of a list, and earlier ones lie over later ones: more
    of them change only what was not covered by those there were.
    """
    far = _far(seed, index, small, canvas(0, height, width))
    near_size, front_size = canvas(1, height, width), canvas(2, height, width)
    near = paint(_leaves(seed, index, 2, _NEAR, (14, 60), near_size), near_size, seed)
    front_leaves = _leaves(seed, index, 3, MOST_OCCLUDERS, (18, 55), front_size)
    occluding = _first(front_leaves, occluders)
    front = paint(occluding, front_size, seed)
    return World(
        far=packed(far, Depth.FAR),
        near=packed(near.rgb, Depth.NEAR, near.covered),
        front=packed(front.rgb, Depth.FRONT, front.covered),
        front_covered=front.covered,
        front_squares=tuple(map(tuple, occluding.squares().tolist())),
        far_rgb=far,
    )


@lru_cache(maxsize=48)
def _far(seed: int, index: int, small: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    leaves = _leaves(seed, index, 0, _GROUND, (24, 150), size)
    whole = on_soil(paint(leaves, size, seed), leaves.colour[0], seed)
    clutter = paint(_first(_leaves(seed, index, 1, MOST_SMALL, (4, 24), size), small), size, seed)
    return softened(np.where(clutter.covered[:, :, None], clutter.rgb, whole))


def _leaves(
    seed: int, index: int, part: int, count: int, sizes: tuple[int, int], size: tuple[int, int]
) -> Leaves:
    # Worlds have one palette for all their layers.
    colour = colours.of_world(Stream(seed, Purpose.COLOUR, index), MOST_SMALL)[:count]
    return draw_leaves(Stream(seed, Purpose.LEAVES, index, part), count, sizes, size, colour)


def _first(leaves: Leaves, count: int) -> Leaves:
    return Leaves(
        *(
            part[:count]
            for part in (
                leaves.radius,
                leaves.place,
                leaves.shape,
                leaves.colour,
                leaves.contrast,
                leaves.offset,
            )
        )
    )
