"""Colours packed into one number a pixel, which is copied and masked at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Packed: TypeAlias = NDArray[np.uint32]
"""(H, W) little-endian: red, green, blue, and a byte that says nothing."""


def packed(rgb: NDArray[np.uint8]) -> Packed:
    """Return (H, W) of (H, W, 3)."""
    four = np.zeros((*rgb.shape[:2], 4), np.uint8)
    four[:, :, :3] = rgb
    return four.view("<u4")[:, :, 0]


def bytes_of(picture: Packed) -> NDArray[np.uint8]:
    """Return (H, W, 4), the same memory; the picture's rows must be whole."""
    return picture.view(np.uint8).reshape(*picture.shape, 4)
