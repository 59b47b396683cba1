"""A digit moved by parts of a pixel, turned and resized: bilinear, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes

PIXEL = 256
"""Units of a place in one pixel."""
_ONE = 2**14
"""Units of a coefficient of the inverse map."""


@dataclass(frozen=True)
class TurnedSprites:
    """A digit in each of T frames, on a square of ``side`` pixels.

    Attributes:
        value: (T, side, side) uint8.
        opaque: (T, side, side) bool, where it hides what is below.
        corners: (T, 2) int64, (row, column) of the squares in the frames.
    """

    value: NDArray[np.uint8]
    opaque: NDArray[np.bool_]
    corners: NDArray[np.int64]

    def boxes(self) -> Boxes:
        """Return (T, 4): the tight boxes of the opaque pixels, hidden or not."""
        first_row, last_row = _ends(self.opaque.any(axis=2))
        first_column, last_column = _ends(self.opaque.any(axis=1))
        rows, columns = self.corners.T
        return np.stack(
            [
                columns + first_column,
                rows + first_row,
                last_column + 1 - first_column,
                last_row + 1 - first_row,
            ],
            axis=1,
        ).astype(np.float64)


def turned(
    image: NDArray[np.uint8],
    centres: NDArray[np.int64],
    cosine: NDArray[np.float64],
    sine: NDArray[np.float64],
    size: NDArray[np.float64],
    side: int,
) -> TurnedSprites:
    """Draw a square image around T centres.

    Pixels at or below a quarter of the frame's brightest are transparent.

    Args:
        image: (S, S), transparent beyond its border.
        centres: (T, 2) (row, column), in ``PIXEL``-ths of a pixel.
        cosine: (T,), of the angle.
        sine: (T,), of the angle.
        size: (T,), in [1/2, 2]: how much larger than the image.
        side: even, at most 80: of the squares that are drawn on; nothing is drawn beyond them.
    """
    # The products below stay under 2**31: offsets under 2**14, coefficients up to 2**15.
    across = np.rint(cosine / size * _ONE).astype(np.int32)[:, None, None]
    along = np.rint(sine / size * _ONE).astype(np.int32)[:, None, None]
    whole, part = np.divmod(centres, PIXEL)
    reach = np.arange(-side // 2, side // 2, dtype=np.int32) * PIXEL + PIXEL // 2
    down = (reach - part[:, :1].astype(np.int32))[:, :, None]
    right = (reach - part[:, 1:].astype(np.int32))[:, None, :]
    middle = (len(image) - 1) * PIXEL // 2
    row = (across * down + along * right >> 14) + middle
    column = (across * right - along * down >> 14) + middle
    value = _between_pixels(image, row, column)
    value[value <= value.max(axis=(1, 2), keepdims=True) // 4] = 0
    return TurnedSprites(value, value > 0, whole - side // 2)


def _between_pixels(
    image: NDArray[np.uint8], row: NDArray[np.int32], column: NDArray[np.int32]
) -> NDArray[np.uint8]:
    """Return the image at places in ``PIXEL``-ths, weighted by the distances to four pixels."""
    count = len(image)
    padded = np.pad(image, (1, 2)).astype(np.int32)  # so that what lies outside is 0
    row = np.clip(row, -PIXEL, count * PIXEL)
    column = np.clip(column, -PIXEL, count * PIXEL)
    below, after = row & (PIXEL - 1), column & (PIXEL - 1)
    width = count + 3
    place = ((row >> 8) + 1) * width + (column >> 8) + 1
    flat = padded.ravel()
    upper = flat[place] * (PIXEL - after) + flat[place + 1] * after
    place += width
    lower = flat[place] * (PIXEL - after) + flat[place + 1] * after
    between: NDArray[np.uint8] = (upper * (PIXEL - below) + lower * below + 2**15 >> 16).astype(
        np.uint8
    )
    return between


def _ends(taken: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the last place that is taken in each row."""
    return taken.argmax(axis=1), taken.shape[1] - 1 - taken[:, ::-1].argmax(axis=1)
