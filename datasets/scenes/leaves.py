"""Dead leaves: random shapes that lie over one another, each with a colour and a texture.

After Lee, Mumford and Huang (2001), "Occlusion models for natural images": sizes follow a power
law, which with the occlusion gives the statistics of natural images.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.scenes.shapes import GRAIN, SHAPES, leaf_shapes
from trackbench.datasets.scenes.texture import SIDE, texture
from trackbench.datasets.streams import Stream

NOTHING = -1
BEYOND = 60
"""Pixels that middles of leaves lie beyond the border of a canvas, at most."""


@dataclass(frozen=True)
class Leaves:
    """N leaves, from the uppermost down.

    Attributes:
        radius: (N,) half the side of the square that the shape is drawn on, in pixels.
        place: (N, 2), (row, column) of the middle.
        shape: (N,) which of the library.
        colour: (N, 3) RGB.
        contrast: (N,) of the texture, in 256ths.
        offset: (N, 2) into the texture.
    """

    radius: NDArray[np.int64]
    place: NDArray[np.int64]
    shape: NDArray[np.int64]
    colour: NDArray[np.int64]
    contrast: NDArray[np.int64]
    offset: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.radius)

    def squares(self) -> NDArray[np.int64]:
        """Return (N, 4): rows from and to, columns from and to, that each is drawn on at most."""
        first, end = self.place - self.radius[:, None], self.place + self.radius[:, None]
        return np.stack((first[:, 0], end[:, 0], first[:, 1], end[:, 1]), axis=1)


def draw_leaves(
    stream: Stream,
    count: int,
    sizes: tuple[int, int],
    canvas: tuple[int, int],
    colour: NDArray[np.int64],
) -> Leaves:
    """Draw ``count`` leaves whose radius has a density that falls with its cube.

    Args:
        stream: it decides.
        count: how many.
        sizes: smallest and largest radius in pixels.
        canvas: (height, width) that their middles lie on.
        colour: (count, 3) RGB.
    """
    smallest, largest = sizes
    ratio = smallest / largest
    u = stream.uniform(count)
    radius = np.rint(smallest / np.sqrt(1.0 - u * (1.0 - ratio * ratio))).astype(np.int64)
    drawn = stream.integers(0, 2**20, 6 * count).reshape(6, count)
    rows, columns = (side + 2 * BEYOND for side in canvas)
    place = np.stack([drawn[0] * rows >> 20, drawn[1] * columns >> 20], axis=1) - BEYOND
    return Leaves(
        radius=radius,
        place=place,
        shape=drawn[2] % SHAPES,
        colour=colour,
        contrast=24 + (drawn[3] * 150 >> 20),
        offset=np.stack([drawn[4] % SIDE, drawn[5] % SIDE], axis=1),
    )


@dataclass(frozen=True)
class Painted:
    """A picture of leaves.

    Attributes:
        rgb: (H, W, 3) uint8.
        covered: (H, W) bool, where there is a leaf.
    """

    rgb: NDArray[np.uint8]
    covered: NDArray[np.bool_]


def paint(leaves: Leaves, canvas: tuple[int, int], seed: int) -> Painted:
    """Paint leaves on a canvas (height, width)."""
    which, light = _laid(leaves, canvas, seed)
    covered = which != NOTHING
    rows, columns = np.nonzero(covered)
    leaf = which[covered].astype(np.int64)
    place = (rows + leaves.offset[leaf, 0]) % SIDE * SIDE + (
        columns + leaves.offset[leaf, 1]
    ) % SIDE
    grain = texture(seed, 0).ravel()[place] * leaves.contrast[leaf] >> 8
    lit = (leaves.colour[leaf] + grain[:, None]) * light[covered].astype(np.int64)[:, None] >> 7
    rgb = np.zeros((*canvas, 3), np.uint8)
    rgb[covered] = np.clip(lit, 0, 255)
    return Painted(rgb, covered)


def on_soil(painted: Painted, soil_colour: NDArray[np.int64], seed: int) -> NDArray[np.uint8]:
    """Return (H, W, 3): a picture with textured soil of a colour (3,) where there is no leaf."""
    rows, columns = painted.covered.shape
    grain = texture(seed, 0)[np.arange(rows)[:, None] % SIDE, np.arange(columns) % SIDE] // 4
    soil = np.clip(soil_colour + grain[:, :, None], 0, 255).astype(np.uint8)
    return np.where(painted.covered[:, :, None], painted.rgb, soil)


def softened(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture as a lens shows it: each pixel with a little of its eight neighbours."""
    padded = np.pad(rgb, ((1, 1), (1, 1), (0, 0)), mode="edge").astype(np.uint16)
    down = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    both: NDArray[np.uint16] = down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]
    return ((both + np.uint16(8)) >> 4).astype(np.uint8)


def _laid(
    leaves: Leaves, canvas: tuple[int, int], seed: int
) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
    """Return of each pixel the leaf that is seen there, and how it is lit."""
    library = leaf_shapes(seed)
    which = np.full(canvas, NOTHING, np.int16)
    light = np.zeros(canvas, np.uint8)
    parts = zip(leaves.radius.tolist(), leaves.place.tolist(), leaves.shape.tolist(), strict=True)
    for leaf, (radius, (row, column), shape) in reversed(list(enumerate(parts))):
        down = np.arange(max(row - radius, 0), min(row + radius, canvas[0]))
        across = np.arange(max(column - radius, 0), min(column + radius, canvas[1]))
        if not (len(down) and len(across)):
            continue
        at_rows = ((down - row + radius) * GRAIN // (2 * radius))[:, None]
        at_columns = (across - column + radius) * GRAIN // (2 * radius)
        inside = library.inside[shape][at_rows, at_columns]
        here = (slice(down[0], down[-1] + 1), slice(across[0], across[-1] + 1))
        which[here][inside] = leaf
        np.copyto(light[here], library.light[shape][at_rows, at_columns], where=inside)
    return which, light
