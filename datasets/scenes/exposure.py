"""What falls on the sensor while a shutter is open: the mean of pictures, byte for byte."""

from __future__ import annotations

import numpy as np

from trackbench.datasets.scenes.packed import EVEN_BYTES, ONE_BYTE, Packed


class Exposure:
    """The sum of pictures (H, W), at most 257 of them."""

    def __init__(self, shape: tuple[int, int]) -> None:
        # Of whole pixels, where red runs over into green, green into blue; and of red and blue
        # alone, with room between them. What the one has more than the other is green, then: one
        # operation less for each picture than adding green by itself, too.
        self._all, self._even, self._part = (np.empty(shape, np.uint32) for _ in range(3))
        self._empty = True

    def add(self, picture: Packed) -> None:
        """Add a picture."""
        if self._empty:
            np.copyto(self._all, picture)
            np.bitwise_and(picture, EVEN_BYTES, out=self._even)
            self._empty = False
            return
        np.add(self._all, picture, out=self._all)
        np.bitwise_and(picture, EVEN_BYTES, out=self._part)
        np.add(self._even, self._part, out=self._even)

    def mean(self, bits: int) -> Packed:
        """Return (H, W): colours of ``2 ** bits`` pictures over their number, halves rounded up.

        How far away a pixel is has no mean: it is 0. The sum is used up.
        """
        half, shift = np.uint32(0x00010001 << bits >> 1), np.uint32(bits)
        green, red_blue = self._all, self._even
        green -= red_blue
        green >>= ONE_BYTE
        for sums, kept in ((green, np.uint32(0xFF)), (red_blue, EVEN_BYTES)):
            np.add(sums, half, out=sums)
            np.right_shift(sums, shift, out=sums)
            np.bitwise_and(sums, kept, out=sums)
        green <<= ONE_BYTE
        green |= red_blue
        return green
