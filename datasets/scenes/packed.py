"""Colours packed into one number a pixel, with how far away it is: what is nearer is smaller."""

from __future__ import annotations

from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Packed: TypeAlias = NDArray[np.uint32]
"""(H, W) little-endian: red, green, blue, and a :class:`Depth`."""
Part: TypeAlias = tuple[slice, slice]
"""Rows and columns of a picture."""
# Sums and products of bytes are made of two at once, 16 bits apart. (NumPy looks longer at numbers
# than at arrays without axes, and longer than some of what is done with them here takes.)
EVEN_BYTES, ODD_BYTES, ONE_BYTE = (
    np.array(each, np.uint32) for each in (0x00FF00FF, 0xFF00FF00, 8)
)


class Depth(IntEnum):
    """How far away a pixel is; what is blended of two that are no nearer than ``NEAR`` is not."""

    FRONT = 0
    NEAR = 1
    FAR = 2
    GAP = 255


def packed(
    rgb: NDArray[np.uint8], depth: Depth, covered: NDArray[np.bool_] | None = None
) -> Packed:
    """Return (H, W) of (H, W, 3); gaps where it is not ``covered``."""
    four = np.empty((*rgb.shape[:2], 4), np.uint8)
    four[:, :, :3] = rgb
    four[:, :, 3] = depth
    if covered is not None:
        four[~covered] = Depth.GAP
    return four.view("<u4")[:, :, 0]


def lay_over(picture: Packed, layer: Packed) -> None:
    """Lay a nearer layer over a picture, in place: much faster than copying where it is."""
    np.minimum(picture, layer, out=picture)


def bytes_of(picture: Packed) -> NDArray[np.uint8]:
    """Return (H, W, 4), the same memory; the picture's rows must be whole."""
    return picture.view(np.uint8).reshape(*picture.shape, 4)
