"""From what falls on the sensor to a frame: coarse pixels, the light and its colour, noise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Frame
from trackbench.datasets import grain
from trackbench.datasets.scenes.parameters import ScenesParameters
from trackbench.datasets.streams import Purpose, Stream

_FIELD = 2**21
"""Values of the field of noise, of which each frame takes a random part."""


def record(
    frame: Frame,
    exposed: NDArray[np.uint8],
    gains: tuple[int, int, int],
    parameters: ScenesParameters,
    stream: Stream,
    seed: int,
) -> None:
    """Write a frame (H, W, 3).

    Args:
        frame: where to.
        exposed: (H, W, 4), what falls on the sensor.
        gains: of red, green and blue, in 256ths.
        parameters: of the data set.
        stream: decides which part of the noise.
        seed: of the data set.
    """
    lit = gains != (256, 256, 256)
    coarse = parameters.resolution > 1
    for number, gain in enumerate(gains):  # one by one: NumPy copies three of four bytes slowly
        light = exposed[:, :, number]
        if coarse:
            light = _coarse(light, parameters.resolution)
        frame[:, :, number] = _lit(light, gain) if lit else light
    if parameters.noise > 0:
        start = int(stream.integers(0, _FIELD - frame.size, 1)[0])
        _noise(seed, parameters.noise).add(frame, start)


def _lit(light: NDArray[np.uint8], gain: int) -> NDArray[np.uint16]:
    """Return (H, W) of a gain in 256ths."""
    # A byte times a small number is a byte in NumPy 1, whatever the number's type.
    product = light.astype(np.uint16) * np.uint16(gain)
    return (product + np.uint16(128)) >> np.uint16(8)


def _coarse(light: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Return (H, W) of the same size whose squares of ``side`` pixels have their mean."""
    # Sums of slices: NumPy takes several times as long for sums of so few along an axis.
    rows = light[::side].astype(np.uint32)
    for row in range(1, side):
        rows += light[row::side]
    total = rows[:, ::side].copy()
    for column in range(1, side):
        total += rows[:, column::side]
    mean = ((total + side * side // 2) // (side * side)).astype(np.uint8)
    repeated: NDArray[np.uint8] = mean.repeat(side, axis=1).repeat(side, axis=0)
    return repeated


@dataclass(frozen=True)
class Noise:
    """A field of noise in bytes, for sums of two types take NumPy several times as long.

    Attributes:
        more: (N,) uint8, levels that a value gets brighter by.
        less: (N,) uint8, levels that it gets darker by.
        highest: (N,) uint8, the value from which on it would get too bright.
    """

    more: NDArray[np.uint8]
    less: NDArray[np.uint8]
    highest: NDArray[np.uint8]

    def add(self, frame: Frame, start: int) -> None:
        """Add the part that begins at ``start`` to a frame, in place, clipped to 0..255."""
        more, less, highest = (
            part[start : start + frame.size].reshape(frame.shape)
            for part in (self.more, self.less, self.highest)
        )
        np.minimum(frame, highest, out=frame)
        frame += more
        np.maximum(frame, less, out=frame)
        frame -= less


@lru_cache(maxsize=4)
def _noise(seed: int, deviation: float) -> Noise:
    levels = grain.normal_levels(Stream(seed, Purpose.NOISE, 2**63), _FIELD, deviation)
    more, less = (np.clip(part, 0, 255).astype(np.uint8) for part in (levels, -levels))
    return Noise(more, less, 255 - more)
