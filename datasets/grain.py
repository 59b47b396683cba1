"""Noise of a sensor: normal noise added to each value of a frame, rounded to whole levels."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Frame
from trackbench.datasets import exact
from trackbench.datasets.streams import Stream


def add_grain(frame: Frame, stream: Stream, deviation: float) -> None:
    """Add N(0, deviation) levels to each value of a frame, in place, clipped to 0..255.

    Sixteen bits decide each value, so no noise is larger than 4.3 deviations. With another
    deviation the same noise is added, larger or smaller.
    """
    if deviation == 0:
        return
    levels = normal_levels(stream, frame.size, deviation).reshape(frame.shape)
    levels += frame
    np.clip(levels, 0, 255, out=levels)
    frame[:] = levels


def normal_levels(stream: Stream, size: int, deviation: float) -> NDArray[np.int16]:
    """Return ``size`` draws of N(0, deviation), rounded to whole levels."""
    drawn: NDArray[np.int16] = _levels(deviation)[stream.short_integers(size)]
    return drawn


@lru_cache(maxsize=16)
def _levels(deviation: float) -> NDArray[np.int16]:
    """Return the noise that each of 2**16 equally likely draws stands for."""
    quantiles = exact.normal_quantile((np.arange(2.0**16) + 0.5) * 2.0**-16)
    return np.rint(quantiles * deviation).astype(np.int16)
