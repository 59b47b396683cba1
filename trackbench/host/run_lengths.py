"""Masks as run lengths: how many pixels in a row are outside of the target, inside, outside ...

The pixels are taken row by row, from the top left to the right (as VOT's files have them, while
COCO's go column by column), over the whole frame. The first number counts pixels outside, and is 0
where the first pixel is inside; after it outside and inside take turns, and all numbers together
are the frame's pixels. A mask without a pixel inside is one number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:  # nothing of these is there in another's interpreter
    from numpy.typing import NDArray

    from trackbench.contracts import Boxes

MOST = 1 << 26
"""Run lengths of one part of results: a quarter of a gibibyte."""


def encoded(mask: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """Return the run lengths (n,) of a mask (H, W)."""
    flat = mask.ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    first = [0, 0] if flat.size and flat[0] else [0]
    return np.diff(np.concatenate([first, changes, [flat.size]])).astype(np.uint32)


def decoded(counts: NDArray[Any], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the mask (H, W) of run lengths.

    Raises:
        ValueError: they are not those of a mask of this size.
    """
    check(counts, size)
    inside = np.arange(len(counts)) % 2 == 1
    return np.repeat(inside, counts).reshape(size)


def check(counts: NDArray[Any], size: tuple[int, int]) -> None:
    """Make sure that run lengths are those of a mask (H, W), before anything is made of them.

    Raises:
        ValueError: they are not.
    """
    pixels = size[0] * size[1]
    # In 64 bits no sum of so many numbers of 32 bits can overflow.
    if len(counts) > pixels + 1 or int(np.sum(counts, dtype=np.uint64)) != pixels:
        raise ValueError(f"run lengths that are not of {pixels} pixels")
    if not counts[1:].all():  # the same mask must always be the same numbers
        raise ValueError("a run of no pixels")


def tight_box(mask: NDArray[np.bool_]) -> Boxes | None:
    """Return the smallest box (4,) around the pixels of a mask (H, W); None: there are none."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not rows.size:
        return None
    columns = np.flatnonzero(mask.any(axis=0))
    left, top = columns[0], rows[0]
    return np.array([left, top, columns[-1] + 1 - left, rows[-1] + 1 - top], np.float64)


class MaskRuns(NamedTuple):
    """Masks of N videos of T frames as run lengths, video by video and frame by frame.

    Attributes:
        counts: (K,) uint32, the run lengths one after the other.
        ends: (N, T) int64, where those of a frame end in ``counts``; they begin where those of the
            frame before end. A frame without a mask has none.
    """

    counts: NDArray[np.uint32]
    ends: NDArray[np.int64]

    def of(self, video: int, frame: int) -> NDArray[np.uint32]:
        """Return the run lengths of a frame; none: it has no mask."""
        at = video * self.ends.shape[1] + frame
        flat = self.ends.reshape(-1)
        return self.counts[flat[at - 1] if at else 0 : flat[at]]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """(N, T), how many run lengths a frame has; 0: it has no mask."""
        return np.diff(self.ends.reshape(-1), prepend=0).reshape(self.ends.shape)

    @property
    def there(self) -> NDArray[np.bool_]:
        """(N, T), whether a frame has a mask."""
        return self.lengths > 0

    def only(self, video: int, frames: int) -> MaskRuns:
        """Return the first frames of one of the videos, N = 1."""
        at = video * self.ends.shape[1]
        begin = int(self.ends.reshape(-1)[at - 1]) if at else 0
        ends = self.ends[video : video + 1, :frames] - begin
        return MaskRuns(self.counts[begin : begin + int(ends[0, -1])], ends)

    @classmethod
    def joined(cls, lengths: NDArray[np.int64], counts: NDArray[np.uint32]) -> MaskRuns:
        """Return the masks of run lengths (K,), of which the frames (N, T) have so many each."""
        return cls(counts, np.cumsum(lengths.reshape(-1), dtype=np.int64).reshape(lengths.shape))
