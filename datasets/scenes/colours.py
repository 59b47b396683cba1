"""Colours as they are found outdoors and in streets, some for a world and others for an object."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.streams import Stream

_WORLD = (
    (58, 74, 38), (84, 102, 52), (112, 122, 70), (44, 56, 40), (138, 140, 98),  # foliage
    (96, 76, 56), (124, 100, 74), (70, 54, 42), (152, 128, 98), (176, 156, 124),  # bark, soil
    (120, 118, 114), (152, 150, 146), (92, 92, 94), (182, 180, 172), (64, 66, 70),  # stone
    (128, 146, 162), (168, 184, 196), (92, 112, 132), (204, 206, 204),  # sky, water, cloud
    (142, 92, 74), (112, 66, 54), (196, 178, 140), (164, 118, 70),  # brick, sand, ochre
)  # fmt: skip
_OBJECT = (
    (186, 44, 40), (214, 120, 34), (222, 186, 52), (38, 92, 168), (30, 140, 142),
    (112, 56, 128), (230, 226, 214), (28, 30, 36), (86, 156, 66), (206, 96, 128),
    (60, 40, 30), (150, 190, 214),
)  # fmt: skip
_KINDS = 7


def of_world(stream: Stream, count: int) -> NDArray[np.int64]:
    """Return (count, 3) RGB around a few natural colours that are drawn first."""
    kinds = np.array(_WORLD)[stream.integers(0, len(_WORLD), _KINDS)]
    return _around(kinds, stream, count)


def of_object(stream: Stream, count: int) -> NDArray[np.int64]:
    """Return (count, 3) RGB around three different strong colours that are drawn first."""
    first, *steps = stream.integers(0, 2**20, 3).tolist()
    chosen = [first % len(_OBJECT)]
    for step in steps:
        left = [number for number in range(len(_OBJECT)) if number not in chosen]
        chosen.append(left[step % len(left)])
    return _around(np.array(_OBJECT)[chosen], stream, count)


def _around(kinds: NDArray[np.int64], stream: Stream, count: int) -> NDArray[np.int64]:
    which = stream.integers(0, 2**20, count) % len(kinds)
    lighter = np.rint(stream.normal(count) * 20.0).astype(np.int64)[:, None]
    other = np.rint(stream.normal(3 * count) * 7.0).astype(np.int64).reshape(count, 3)
    found: NDArray[np.int64] = np.clip(kinds[which] + lighter + other, 8, 247)
    return found
