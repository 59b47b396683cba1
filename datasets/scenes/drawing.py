"""An object drawn into a frame: moved by parts of a pixel, turned, resized and bent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.scenes.extent import Extent, extent
from trackbench.datasets.scenes.look import SIDE, Look
from trackbench.datasets.scenes.packed import EVEN_BYTES, ODD_BYTES, ONE_BYTE, Packed, Part
from trackbench.datasets.scenes.poses import PIXEL, REACH, Pose

_UNIT = SIDE // 2 * 256
"""Half the side of a look, in 256ths of a texel."""
_BITS = _UNIT.bit_length() - 1
_BEYOND = int(_UNIT * REACH)
# NumPy looks longer at plain numbers than it takes to clip with them.
_FIRST, _LAST, _ALL = np.int32(0), np.int32(SIDE - 1), np.int32(256)
_WHOLE, _HALF = np.uint32(256), np.uint32(0x00800080)


class Drawn(NamedTuple):
    """An object on the rectangle that it is drawn on, seen or not.

    Attributes:
        row: of the rectangle's corner in the frame; may be negative.
        column: of the rectangle's corner in the frame; may be negative.
        opacity: (R, C) int32, 0 to 256.
        under: (R, C) uint32, what 256 is more than that.
        even: (R, C) uint32, red and blue times the opacity, and half a level, 16 bits each.
        odd: the same of green and how far away it is.
    """

    row: int
    column: int
    opacity: NDArray[np.int32]
    under: NDArray[np.uint32]
    even: NDArray[np.uint32]
    odd: NDArray[np.uint32]

    @property
    def opaque(self) -> NDArray[np.bool_]:
        """(R, C): the mask, half opaque or more."""
        mask: NDArray[np.bool_] = self.opacity >= 128
        return mask


def draw(look: Look, poses: Sequence[Pose]) -> list[Drawn]:
    """Return an object drawn in each of some poses: at once, for most of the time goes to calls."""
    extents = [extent(look, at) for at in poses]
    up, below, left, beside = _around(extents)
    numbers = np.array([_numbers(at) for at in poses], np.int32).T[:, :, None, None]
    row, column, across, along, a, b, c, d, sharpness = numbers
    down = _middles(up, below)[:, None] - row
    right = _middles(left, beside)[None, :] - column
    v = _shifted(across * down + along * right, 12)
    u = _shifted(across * right - along * down, 12)
    # _UNIT is a power of two, and a shift is the same floor, in less time.
    square_u, square_v, product = (_shifted(part, _BITS) for part in (u * u, v * v, u * v))
    inside = square_u + square_v <= _BEYOND * _BEYOND // _UNIT
    square_v *= a
    square_v += b * product
    u += _shifted(square_v, 8)
    square_u *= c
    product *= d
    square_u += product
    v += _shifted(square_u, 8)
    place = (_texel(v) * SIDE + _texel(u)).astype(np.intp)
    opacity = look.depth.take(place)
    opacity *= sharpness
    opacity += 128
    opacity.clip(_FIRST, _ALL, out=opacity)
    opacity *= inside
    over, colour = opacity.view(np.uint32), look.colour.take(place)
    even = _weighted(colour & EVEN_BYTES, over)
    colour >>= ONE_BYTE
    colour &= EVEN_BYTES
    odd = _weighted(colour, over)
    under = _WHOLE - over
    drawn = []
    for number, (at, (top, bottom, first, end)) in enumerate(zip(poses, extents, strict=True)):
        # Each within its own extent: farther out, numbers of a small object overflow, and what
        # they come to may be anything.
        own = number, slice(top - up, bottom - up), slice(first - left, end - left)
        row_0, column_0 = at.row // PIXEL + top, at.column // PIXEL + first
        drawn.append(Drawn(row_0, column_0, opacity[own], under[own], even[own], odd[own]))
    return drawn


def _around(extents: Sequence[Extent]) -> Extent:
    """Return the smallest rectangle that holds all of some."""
    up, below, left, beside = zip(*extents, strict=True)
    return min(up), max(below), min(left), max(beside)


def _numbers(at: Pose) -> tuple[int, ...]:
    """Return what decides a drawing: the parts of a pixel first."""
    return at.row % PIXEL, at.column % PIXEL, at.across, at.along, *at.bends, at.sharpness


def _middles(first: int, end: int) -> NDArray[np.int32]:
    """Return where the middles of pixels are, in ``PIXEL``-ths."""
    return np.arange(first, end, dtype=np.int32) * PIXEL + PIXEL // 2


def _shifted(values: NDArray[np.int32], bits: int) -> NDArray[np.int32]:
    """Shift values to the right in place, and return them."""
    values >>= bits
    return values


def _texel(places: NDArray[np.int32]) -> NDArray[np.int32]:
    """Turn 256ths of a texel from a look's middle into numbers of texels, and return them."""
    places >>= 8
    places += SIDE // 2
    # The look is transparent at its border, so what lies beyond may be taken from there.
    return places.clip(_FIRST, _LAST, out=places)


def _weighted(bytes_: Packed, over: Packed) -> Packed:
    """Multiply every other byte by 256ths, add half a level, and return it."""
    bytes_ *= over
    bytes_ += _HALF
    return bytes_


def blend(frame: Packed, drawn: Drawn) -> None:
    """Lay an object over a frame, in place."""
    here, there = overlap(drawn, frame.shape)
    if here is None:
        return
    behind, under = frame[here], drawn.under[there]
    # Two bytes at once, 16 bits apart: each comes to 255 * 256 + 128 at most, which fits.
    even = behind & EVEN_BYTES
    even *= under
    even += drawn.even[there]
    even >>= ONE_BYTE
    even &= EVEN_BYTES
    odd = behind >> ONE_BYTE
    odd &= EVEN_BYTES
    odd *= under
    odd += drawn.odd[there]
    odd &= ODD_BYTES
    np.bitwise_or(even, odd, out=behind)


def overlap(drawn: Drawn, shape: tuple[int, ...]) -> tuple[Part | None, Part]:
    """Return the part of a frame that a rectangle is on (None: of none), and of the rectangle."""
    height, width = drawn.opacity.shape
    top, bottom = max(drawn.row, 0), min(drawn.row + height, shape[0])
    left, right = max(drawn.column, 0), min(drawn.column + width, shape[1])
    there = (
        slice(top - drawn.row, bottom - drawn.row),
        slice(left - drawn.column, right - drawn.column),
    )
    if top >= bottom or left >= right:
        return None, there
    return (slice(top, bottom), slice(left, right)), there
