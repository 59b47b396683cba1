"""Where an object is in a frame, and how: turned, resized and bent."""

from __future__ import annotations

from typing import NamedTuple

from trackbench.datasets.scenes.look import LEVELS, SIDE

PIXEL = 256
"""Units of a place in one pixel."""
ONE = 2**12
"""Units of a map's parts in one texel a pixel."""
REACH = 1.15
"""How far from its middle an object may be drawn, over half the side of its look."""


class Pose(NamedTuple):
    """Where an object is in one frame, and how.

    Attributes:
        row: of its middle, in ``PIXEL``-ths.
        column: of its middle, in ``PIXEL``-ths.
        across: 4096ths of texels a pixel, of the map from the frame into the look: the cosine.
        along: the same of the sine.
        half: half the side of the square that it is drawn on, in pixels.
        bends: four, in 256ths of the radius.
        sharpness: 256ths of opacity that a unit of depth is worth at the edge.
    """

    row: int
    column: int
    across: int
    along: int
    half: int
    bends: tuple[int, int, int, int]
    sharpness: int


def pose(
    centre: tuple[int, int],
    cosine: float,
    sine: float,
    diameter: float,
    bends: tuple[int, int, int, int],
) -> Pose:
    """Return the pose of an object whose look is ``diameter`` pixels wide."""
    texels = SIDE / diameter * ONE
    return Pose(
        row=centre[0],
        column=centre[1],
        across=round(cosine * texels),
        along=round(sine * texels),
        half=int(diameter / 2 * REACH) + 2,
        bends=bends,
        sharpness=max(int(256 * diameter / (SIDE * LEVELS)), 1),
    )
