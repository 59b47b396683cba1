"""A texture with a spectrum like 1/f: octaves of smooth noise that weigh the same."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.streams import Purpose, Stream

SIDE = 512


@lru_cache(maxsize=4)
def texture(seed: int, number: int) -> NDArray[np.int32]:
    """Return (512, 512) int32 around 0, some 40 levels up and down, that repeats without a seam."""
    total = np.zeros((SIDE, SIDE), np.int32)
    cells = 4
    octave = 0
    while cells <= SIDE:
        stream = Stream(seed, Purpose.TEXTURE, number, octave)
        grid = stream.integers(-128, 128, cells * cells).astype(np.int32).reshape(cells, cells)
        total += _smooth(_smooth(grid, SIDE // cells).T, SIDE // cells).T
        cells, octave = 2 * cells, octave + 1
    return total // 4


def _smooth(grid: NDArray[np.int32], step: int) -> NDArray[np.int32]:
    """Return rows between the rows of a grid, ``step`` for each, along straight lines."""
    following = np.roll(grid, -1, axis=0)
    share = np.arange(step, dtype=np.int32)[None, :, None]
    between = grid[:, None] * (step - share) + following[:, None] * share
    return between.reshape(len(grid) * step, -1) // step
