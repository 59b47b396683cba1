"""An object drawn into a frame: moved by parts of a pixel, turned, resized and bent."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.scenes.look import LEVELS, SIDE, Look
from trackbench.datasets.scenes.packed import Packed

PIXEL = 256
"""Units of a place in one pixel."""
_ONE = 2**12
_UNIT = SIDE // 2 * 256
"""Half the side of a look, in 256ths of a texel."""
_BITS = _UNIT.bit_length() - 1
# NumPy looks longer at plain numbers than it takes to clip with them.
_FIRST, _LAST, _ALL = np.int32(0), np.int32(SIDE - 1), np.int32(256)
_EVEN, _HALF, _BYTE = np.uint32(0x00FF00FF), np.uint32(0x00800080), np.uint32(8)
_REACH = 1.15
"""How far from its middle an object may be drawn, over half the side of its look."""
_BEYOND = int(_UNIT * _REACH)


@dataclass(frozen=True)
class Pose:
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
    texels = SIDE / diameter * _ONE
    return Pose(
        row=centre[0],
        column=centre[1],
        across=round(cosine * texels),
        along=round(sine * texels),
        half=int(diameter / 2 * _REACH) + 2,
        bends=bends,
        sharpness=max(int(256 * diameter / (SIDE * LEVELS)), 1),
    )


@dataclass(frozen=True)
class Drawn:
    """An object on the square that it is drawn on, seen or not.

    Attributes:
        row: of the square's corner in the frame; may be negative.
        column: of the square's corner in the frame; may be negative.
        opacity: (S, S) int32, 0 to 256.
        colour: (S, S) packed.
    """

    row: int
    column: int
    opacity: NDArray[np.int32]
    colour: Packed

    @property
    def opaque(self) -> NDArray[np.bool_]:
        """(S, S): the mask, half opaque or more."""
        mask: NDArray[np.bool_] = self.opacity >= 128
        return mask


def draw(look: Look, at: Pose) -> Drawn:
    """Return an object drawn in a pose."""
    row, column = at.row // PIXEL, at.column // PIXEL
    half = needed_half(look, at)
    reach = np.arange(-half, half, dtype=np.int32) * PIXEL + PIXEL // 2
    down = (reach - (at.row - row * PIXEL))[:, None]
    right = (reach - (at.column - column * PIXEL))[None, :]
    v = at.across * down + at.along * right >> 12
    u = at.across * right - at.along * down >> 12
    a, b, c, d = at.bends
    # _UNIT is a power of two, and a shift is the same floor, in less time.
    square_u, square_v, product = u * u >> _BITS, v * v >> _BITS, u * v >> _BITS
    outside = square_u + square_v > _BEYOND * _BEYOND // _UNIT
    texel_u = (u + (a * square_v + b * product >> 8) >> 8) + SIDE // 2
    texel_v = (v + (c * square_u + d * product >> 8) >> 8) + SIDE // 2
    # The look is transparent at its border, so what lies beyond may be taken from there.
    texel_u.clip(_FIRST, _LAST, out=texel_u)
    texel_v.clip(_FIRST, _LAST, out=texel_v)
    texel_v *= SIDE
    place = np.add(texel_v, texel_u, dtype=np.intp)
    opacity = look.depth.take(place)
    opacity *= at.sharpness
    opacity += 128
    opacity.clip(_FIRST, _ALL, out=opacity)
    opacity[outside] = 0
    return Drawn(row - half, column - half, opacity, look.colour.take(place))


def needed_half(look: Look, at: Pose) -> int:
    """Return half the side of the smallest square that surely holds all of an object, in pixels.

    A pixel at the radius r (half the look's side is 1) shows a texel at r - c r^2 or farther, where
    c is what the bends come to; what is too far from the shape is not drawn. Where bends are so
    strong that this says nothing, it is the pose's own.
    """
    a, b, c, d = (bend / 256 for bend in at.bends)
    bent = math.hypot((abs(a) + math.hypot(a, b)) / 2, (abs(c) + math.hypot(c, d)) / 2)
    # Beyond the shape there is a rim of half opacity, and two texels are for what is rounded.
    shown = look.radius + 128 / (at.sharpness * LEVELS * SIDE // 2) + 4 / SIDE
    root = 1 - 4 * bent * shown
    if root <= 0 or 1 + math.sqrt(root) < 2 * bent * (_REACH + 4 / SIDE):
        return at.half
    radius = 2 * shown / (1 + math.sqrt(root))
    return min(at.half, int(radius * (at.half - 1) / _REACH) + 3)


def blend(frame: Packed, drawn: Drawn) -> None:
    """Lay an object over a frame, in place."""
    here, there = overlap(drawn, frame.shape)
    if here is None:
        return
    over = drawn.opacity[there].astype(np.uint32)
    under = _ALL.astype(np.uint32) - over
    # Two bytes at once, 16 bits apart: each comes to 255 * 256 + 128 at most, which fits.
    behind, before = frame[here], drawn.colour[there]
    even = (behind & _EVEN) * under
    even += (before & _EVEN) * over
    even += _HALF
    even >>= _BYTE
    even &= _EVEN
    odd = (behind >> _BYTE & _EVEN) * under
    odd += (before >> _BYTE & _EVEN) * over
    odd += _HALF
    odd &= ~_EVEN
    frame[here] = even | odd


Part = tuple[slice, slice]


def overlap(drawn: Drawn, shape: tuple[int, ...]) -> tuple[Part | None, Part]:
    """Return the part of a frame that a square is on (None: of none), and of the square."""
    side = len(drawn.opacity)
    top, bottom = max(drawn.row, 0), min(drawn.row + side, shape[0])
    left, right = max(drawn.column, 0), min(drawn.column + side, shape[1])
    there = (
        slice(top - drawn.row, bottom - drawn.row),
        slice(left - drawn.column, right - drawn.column),
    )
    if top >= bottom or left >= right:
        return None, there
    return (slice(top, bottom), slice(left, right)), there
