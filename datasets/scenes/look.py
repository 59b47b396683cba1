"""What an object looks like: a closed shape, and a texture of its own, lit from the upper left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.scenes import colours, shapes
from trackbench.datasets.scenes.leaves import draw_leaves, on_soil, paint, softened
from trackbench.datasets.scenes.packed import Depth, Packed, packed
from trackbench.datasets.scenes.reach import Reach, reach
from trackbench.datasets.streams import Purpose, Stream

SIDE = 128
"""Texels of the side of a look."""
LEVELS = 16
"""Units of a distance in one texel."""
_FILLS = 0.85
"""Largest radius of a shape; half the side is 1. What is beyond leaves room to bend."""
_PIECES = 60


@dataclass(frozen=True)
class Look:
    """An object before it is moved, turned, resized and bent.

    Attributes:
        colour: (SIDE * SIDE,) packed.
        depth: (SIDE * SIDE,) int32, how far inside the shape along the radius, in ``LEVELS``-ths of
            a texel; negative outside.
        radius: of the shape where it is largest; half the side is 1.
        reach: of the texels that are inside the shape, or within one texel of it.
    """

    colour: Packed
    depth: NDArray[np.int32]
    radius: float
    reach: Reach


def look(
    seed: int,
    index: int,
    shape: int,
    world: NDArray[np.uint8],
    camouflage: float,
) -> Look:
    """Return the look of an object of sequence ``index``.

    Args:
        seed: of the data set.
        index: of the sequence, whose objects have one texture.
        shape: number of the shape; 0 is the target's.
        world: (H, W, 3), what it is camouflaged against.
        camouflage: share of its colours that are the world's.
    """
    distance, radius = shapes.polar(
        Stream(seed, Purpose.SHAPE, index, 1 + shape), SIDE, waves=5, roughness=0.35
    )
    radius = radius * _FILLS
    depth = np.rint((radius - distance) * (SIDE // 2 * LEVELS)).astype(np.int32)
    border = np.zeros((SIDE, SIDE), np.bool_)
    border[1:-1, 1:-1] = True
    depth[~border] = np.minimum(depth[~border], -LEVELS)
    light = shapes.lit(distance / radius, SIDE).astype(np.int64)[:, :, None]
    own = _own_texture(seed, index) * (light + 128) // 256
    share = round(camouflage * 256)
    mixed = own * (256 - share) + _part_of(world, seed, index).astype(np.int64) * share + 128 >> 8
    colour = packed(np.clip(mixed, 0, 255).astype(np.uint8), Depth.NEAR)
    return Look(
        np.ascontiguousarray(colour).ravel(),
        depth.ravel(),
        float(radius.max()),
        reach(depth >= -LEVELS),
    )


def _own_texture(seed: int, index: int) -> NDArray[np.int64]:
    """Return (SIDE, SIDE, 3): leaves of few strong colours, as on cloth or fur."""
    stream = Stream(seed, Purpose.LOOK, index)
    strong = colours.of_object(stream, _PIECES)
    pieces = draw_leaves(stream, _PIECES, (10, 44), (SIDE, SIDE), strong)
    picture = on_soil(paint(pieces, (SIDE, SIDE), seed), strong[0], seed)
    return softened(softened(picture)).astype(np.int64)


def _part_of(world: NDArray[np.uint8], seed: int, index: int) -> NDArray[np.uint8]:
    """Return a random part of the world of the size of a look."""
    rows, columns = (
        int(number) * (side - SIDE) >> 20
        for number, side in zip(
            Stream(seed, Purpose.LOOK, index, 1).integers(0, 2**20, 2), world.shape[:2], strict=True
        )
    )
    return world[rows : rows + SIDE, columns : columns + SIDE]
