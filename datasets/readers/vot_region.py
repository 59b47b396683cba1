"""A line of a VOT annotation: a rectangle, a polygon, a mask, or that nobody knows.

As in ``vot.region.io``: one number is a code (0: unknown), four are a rectangle, an even count from
six on a polygon, and ``mX,Y,W,H,RUNS`` a mask whose run lengths begin with zeros and go row by row
through the box at (X, Y) of W x H pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.reader import PolygonBox
from trackbench.datasets.readers.text_file import numbers_of, words_of
from trackbench.printing.text import quoted

_MOST_PIXELS = 2**26
_UNKNOWN = 0


@dataclass(frozen=True, eq=False)
class RunLengths:
    """A mask by its run lengths.

    Attributes:
        left, top, width, height: the box in the frame that the runs go through, in pixels.
        runs: (R,) int64: how many zeros, how many ones, how many zeros, ...
    """

    left: int
    top: int
    width: int
    height: int
    runs: NDArray[np.int64]

    def extent(self) -> tuple[float, float, float, float] | None:
        """Return the box ``(x, y, w, h)`` around the mask's pixels; None: it has none."""
        ends = np.cumsum(self.runs)
        begin, end = (ends - self.runs)[1::2], ends[1::2]
        begin, end = begin[begin < end], end[begin < end]
        if not begin.size:
            return None
        first_row, last_row = begin // self.width, (end - 1) // self.width
        within = first_row == last_row  # a run over a line break reaches from edge to edge
        left = int(np.where(within, begin % self.width, 0).min())
        right = int(np.where(within, (end - 1) % self.width, self.width - 1).max())
        top, bottom = int(first_row.min()), int(last_row.max())
        return (
            float(self.left + left),
            float(self.top + top),
            float(right - left + 1),
            float(bottom - top + 1),
        )

    def pixels(self, size: tuple[int, int]) -> NDArray[np.bool_]:
        """Return the mask (H, W) in a frame of ``size`` (H, W); what lies outside is cut off."""
        flat = np.repeat(np.arange(self.runs.size) % 2 == 1, self.runs)
        filled = np.zeros(self.width * self.height, np.bool_)
        filled[: flat.size] = flat
        inner = filled.reshape(self.height, self.width)
        whole = np.zeros(size, np.bool_)
        top, left = max(self.top, 0), max(self.left, 0)
        seen = inner[top - self.top :, left - self.left :]
        target = whole[top : top + seen.shape[0], left : left + seen.shape[1]]
        target[...] = seen[: target.shape[0], : target.shape[1]]
        return whole


Region = tuple[float, float, float, float] | NDArray[np.float64] | RunLengths | None
"""A rectangle, a polygon (P, 2), a mask, or None: unknown."""


def region_of(line: str, path: Path, number: int) -> Region:
    """Return the region that a line says.

    Raises:
        DataError: it says none.
    """
    text = line.strip()
    if text[:1] == "m":
        return _mask(text[1:], path, number)
    numbers = numbers_of(text, path, number)
    count = len(numbers)
    if count == 1:
        if numbers[0] == _UNKNOWN or np.isnan(numbers[0]):
            return None
        raise data_error(path, f"the code {numbers[0]:g} is no region; 0 is unknown", number)
    if count == 4:
        left, top, width, height = numbers
        return None if np.isnan(numbers).any() else (left, top, width, height)
    if count < 6 or count % 2:
        raise data_error(
            path, f"{count} numbers are neither a rectangle (4) nor a polygon (6, 8, ...)", number
        )
    corners = np.array(numbers, np.float64).reshape(-1, 2)
    return None if np.isnan(corners).any() else corners


def box_of_polygon(corners: NDArray[np.float64], way: PolygonBox) -> list[float]:
    """Return the box ``[x, y, w, h]`` of a polygon (P, 2)."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    if way is PolygonBox.EXTENT:
        return [*low.tolist(), *(high - low).tolist()]
    sides = np.linalg.norm(np.diff(corners[:3], axis=0), axis=1)
    extent = float((high - low).prod())
    scale = float(np.sqrt(sides.prod() / extent)) if extent else 0.0
    size = scale * (high - low) + 1
    return [*(corners.mean(axis=0) - size / 2).tolist(), *size.tolist()]


def _mask(text: str, path: Path, number: int) -> RunLengths:
    try:
        numbers = [int(word) for word in words_of(text, path, number)]
    except ValueError:
        raise data_error(path, f"the mask {quoted(text)} is not of integers", number) from None
    if len(numbers) < 4:
        raise data_error(path, "a mask needs left, top, width and height", number)
    left, top, width, height = numbers[:4]
    if min(numbers[2:]) < 0 or max(map(abs, numbers)) > 2**40:
        raise data_error(path, "a size or a run length of the mask is no such number", number)
    if width * height > _MOST_PIXELS or sum(numbers[4:]) > width * height:
        raise data_error(
            path, f"the runs of the mask are longer than its box of {width} x {height}", number
        )
    return RunLengths(left, top, width, height, np.array(numbers[4:], np.int64))
