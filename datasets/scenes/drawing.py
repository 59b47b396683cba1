"""An object drawn into a frame: moved by parts of a pixel, turned, resized and bent."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.scenes.look import LEVELS, SIDE, Look
from trackbench.datasets.scenes.packed import EVEN_BYTES, ONE_BYTE, Packed

PIXEL = 256
"""Units of a place in one pixel."""
_ONE = 2**12
_UNIT = SIDE // 2 * 256
"""Half the side of a look, in 256ths of a texel."""
_BITS = _UNIT.bit_length() - 1
# NumPy looks longer at plain numbers than it takes to clip with them.
_FIRST, _LAST, _ALL = np.int32(0), np.int32(SIDE - 1), np.int32(256)
_HALF = np.uint32(0x00800080)
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
    v = _shifted(at.across * down + at.along * right, 12)
    u = _shifted(at.across * right - at.along * down, 12)
    # _UNIT is a power of two, and a shift is the same floor, in less time.
    square_u, square_v, product = (_shifted(part, _BITS) for part in (u * u, v * v, u * v))
    inside = square_u + square_v <= _BEYOND * _BEYOND // _UNIT
    a, b, c, d = at.bends
    u += _bent(a, square_v, b, product)
    v += _bent(c, square_u, d, product)
    place = (_texel(v) * SIDE + _texel(u)).astype(np.intp)
    opacity = look.depth.take(place)
    opacity *= at.sharpness
    opacity += 128
    opacity.clip(_FIRST, _ALL, out=opacity)
    opacity *= inside
    return Drawn(row - half, column - half, opacity, look.colour.take(place))


def _shifted(values: NDArray[np.int32], bits: int) -> NDArray[np.int32]:
    """Shift values to the right in place, and return them."""
    values >>= bits
    return values


def _bent(
    one: int, square: NDArray[np.int32], other: int, product: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return how far a bend moves a place in the look, in 256ths of a texel."""
    bent = one * square
    bent += other * product
    return _shifted(bent, 8)


def _texel(places: NDArray[np.int32]) -> NDArray[np.int32]:
    """Turn 256ths of a texel from a look's middle into numbers of texels, and return them."""
    places >>= 8
    places += SIDE // 2
    # The look is transparent at its border, so what lies beyond may be taken from there.
    return places.clip(_FIRST, _LAST, out=places)


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
    over = drawn.opacity[there].view(np.uint32)
    under = _ALL.astype(np.uint32) - over
    behind, before = frame[here], drawn.colour[there]
    even = _mixed(behind, under, before, over)
    even >>= ONE_BYTE
    even &= EVEN_BYTES
    odd = _mixed(behind >> ONE_BYTE, under, before >> ONE_BYTE, over)
    odd &= ~EVEN_BYTES
    np.bitwise_or(even, odd, out=behind)


def _mixed(behind: Packed, under: Packed, before: Packed, over: Packed) -> Packed:
    """Return 256 times the mean of every other byte, in 256ths, and half a level."""
    # Two bytes at once, 16 bits apart: each comes to 255 * 256 + 128 at most, which fits.
    mixed = behind & EVEN_BYTES
    mixed *= under
    part = before & EVEN_BYTES
    part *= over
    mixed += part
    mixed += _HALF
    return mixed


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
