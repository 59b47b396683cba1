"""Frames of any size as a network of one size sees them: scaled as a whole, with black bars.

The longer side is scaled to the network's, the shorter one by the same factor, to whole pixels, and
the picture lies in the middle. What the networks of this package were trained on has black where
there is nothing, so that is what the bars are.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import interpolate, pad


@dataclass(frozen=True)
class Letterbox:
    """How frames of one size lie in a square.

    Attributes:
        side: of the square, pixels.
        height, width: of the frames, pixels.
    """

    side: int
    height: int
    width: int

    @property
    def needed(self) -> bool:
        """The frames are not of the square's size."""
        return (self.height, self.width) != (self.side, self.side)

    @property
    def rows(self) -> int:
        """Height of the picture in the square, pixels."""
        return max(1, round(self.side * self.height / max(self.height, self.width)))

    @property
    def columns(self) -> int:
        """Width of the picture in the square, pixels."""
        return max(1, round(self.side * self.width / max(self.height, self.width)))

    @property
    def top(self) -> int:
        """Rows of black above the picture."""
        return (self.side - self.rows) // 2

    @property
    def left(self) -> int:
        """Columns of black left of the picture."""
        return (self.side - self.columns) // 2

    def frames(self, grey: Tensor) -> Tensor:
        """Frames (B, H, W) uint8 -> (B, side, side) uint8.

        Bilinear, each pixel the mean of those it covers where a picture becomes smaller.
        """
        if not self.needed:
            return grey
        size = (self.rows, self.columns)
        scaled = interpolate(grey[:, None].float(), size, mode="bilinear", antialias=True)[:, 0]
        below = self.side - self.rows - self.top
        right = self.side - self.columns - self.left
        whole = pad(scaled.round().clamp(0, 255), (self.left, right, self.top, below))
        return whole.to(torch.uint8)

    def boxes(self, boxes: Tensor) -> Tensor:
        """Boxes (..., 4) ``(x, y, w, h)`` in a frame -> in the square, pixels."""
        return boxes * self._factors(boxes) + self._offset(boxes) if self.needed else boxes

    def boxes_back(self, boxes: Tensor) -> Tensor:
        """Boxes (..., 4) ``(x, y, w, h)`` in the square -> in a frame, pixels."""
        return (boxes - self._offset(boxes)) / self._factors(boxes) if self.needed else boxes

    def maps_back(self, maps: Tensor) -> Tensor:
        """Maps (B, side, side) of the square's pixels -> (B, H, W) of a frame's, bilinear."""
        if not self.needed:
            return maps
        rows = slice(self.top, self.top + self.rows)
        seen = maps[:, rows, self.left : self.left + self.columns]
        return interpolate(seen[:, None], (self.height, self.width), mode="bilinear")[:, 0]

    def _factors(self, like: Tensor) -> Tensor:
        across, down = self.columns / self.width, self.rows / self.height
        return like.new_tensor([across, down, across, down])

    def _offset(self, like: Tensor) -> Tensor:
        return like.new_tensor([self.left, self.top, 0, 0])
