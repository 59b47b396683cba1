"""Random numbers that are the same on every machine, for ever.

A stream is keyed by (data set seed, purpose, sequence index), so any sequence can be made alone.
It is Philox 4x64-10 (Salmon et al. 2011), whose raw bits NumPy promises to keep: the key is (seed,
index), the purpose is the counter's highest word, the part the one below it. What is derived from
the bits uses only integer arithmetic and the five IEEE 754 operations that every processor rounds
alike (+ - * / sqrt): no ``log``, ``exp`` or ``sin`` of a C library, whose last bit differs between
platforms.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets import exact


class Purpose(IntEnum):
    """What a stream is for. The values are part of every published data set."""

    MOTION = 1
    SCALE = 2
    SPRITE = 3
    CLUTTER_CHOICE = 4
    CLUTTER_IMAGE = 5
    TURN = 6
    BRIGHTNESS = 7
    NOISE = 8
    SHAPE = 9
    TEXTURE = 10
    COLOUR = 11
    LEAVES = 12
    LOOK = 13
    BEND = 14
    CAMERA = 15


class Stream:
    """Draws in order from the stream of (seed, purpose, index, part).

    Parts keep apart what is drawn for one purpose, such as the paths of several things: how many
    things there are, or how long one is followed, then moves no other's draws.
    """

    def __init__(self, seed: int, purpose: Purpose, index: int, part: int = 0) -> None:
        if not (0 <= seed < 2**64 and 0 <= index < 2**64):
            raise ValueError(f"seed and index must be in [0, 2**64), not {seed} and {index}")
        key = np.array([seed, index], np.uint64)
        if not 0 <= part < 2**64:
            raise ValueError(f"part must be in [0, 2**64), not {part}")
        self._bits = np.random.Philox(counter=int(purpose) << 192 | part << 128, key=key)

    def integers(self, low: int, high: int, size: int) -> NDArray[np.int64]:
        """Return ``size`` integers uniform in [low, high), int64.

        The range must be under 2**31; the bias is then below range / 2**32.
        """
        scaled = (self._raw(size) >> np.uint64(32)) * np.uint64(high - low) >> np.uint64(32)
        return scaled.astype(np.int64) + low

    def uniform(self, size: int) -> NDArray[np.float64]:
        """Return ``size`` floats uniform in [0, 1), multiples of 2**-53."""
        return (self._raw(size) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def normal(self, size: int) -> NDArray[np.float64]:
        """Return ``size`` standard normal floats, by inversion."""
        inner = (self._raw(size) >> np.uint64(12)).astype(np.float64) + 0.5
        return exact.normal_quantile(inner * 2.0**-52)

    def short_integers(self, size: int) -> NDArray[np.uint16]:
        """Return ``size`` integers uniform in [0, 2**16), four from each word of bits."""
        words = self._raw(-(-size // 4)).astype("<u8")
        return words.view("<u2")[:size].astype(np.uint16, copy=False)

    def _raw(self, size: int) -> NDArray[np.uint64]:
        return self._bits.random_raw(size)
