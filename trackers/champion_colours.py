"""How likely each colour is the target's: histograms of the target and of what is around it.

As in the colour half of Staple (Bertinetto et al., 2016), but learned with the target's mask, not
its box. A grey frame has 32 bins, a coloured one 16 a channel, smoothed with their neighbours.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Frame
from trackbench.trackers.champion_view import Images

_RARE = 1e-5
"""Share of pixels below which a colour says nothing, in colour; 100 times that in grey."""
_RATE = 0.04
"""Share of what is new in the histograms, each time they learn."""


class Colours:
    """The target's colours (``target``) and all others (``others``), histograms that sum to 1."""

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._bins = 4096 if channels == 3 else 32
        self._target = np.full(self._bins, 1 / self._bins)
        self._others = np.full(self._bins, 1 / self._bins)
        self._table = self._likelihoods()

    def bins(self, image: Frame) -> NDArray[np.uint16]:
        """Return (H, W) the bin of each pixel of ``image`` (H, W, C)."""
        if self._channels == 1:
            grey: NDArray[np.uint16] = image[:, :, 0].astype(np.uint16) >> np.uint16(3)
            return grey
        red, green, blue = (
            image[:, :, channel].astype(np.uint16) >> np.uint16(4) for channel in range(3)
        )
        found: NDArray[np.uint16] = (red << np.uint16(8)) | (green << np.uint16(4)) | blue
        return found

    def likely(self, bins: NDArray[np.uint16]) -> Images:
        """Return how likely pixels of these bins are the target's, in [0, 1], float32."""
        found: Images = self._table[bins]
        return found

    def learn_target(self, bins: NDArray[np.uint16], weights: Images, rate: float = _RATE) -> None:
        """Learn from pixels that are the target's by ``weights`` (as ``bins``)."""
        self._target += rate * (self._histogram(bins, weights) - self._target)
        self._table = self._likelihoods()

    def learn_others(
        self, parts: list[tuple[NDArray[np.uint16], Images]], rate: float = _RATE
    ) -> None:
        """Learn from parts that count the same: bins, and weights of what is not the target."""
        histograms = [self._histogram(bins, weights) for bins, weights in parts if weights.any()]
        if not histograms:
            return
        self._others += rate * (np.mean(histograms, axis=0) - self._others)
        self._table = self._likelihoods()

    def _likelihoods(self) -> Images:
        rare = _RARE if self._channels == 3 else 100 * _RARE
        # What neither has seen is rather not the target's.
        share = (self._target + 0.1 * rare) / (self._target + self._others + 1.1 * rare)
        return np.asarray(share, np.float32)

    def _histogram(self, bins: NDArray[np.uint16], weights: Images) -> NDArray[np.float64]:
        counted = np.bincount(bins.ravel(), weights.ravel(), self._bins)
        counts: NDArray[np.float64] = counted.astype(np.float64)
        if self._channels == 3:
            cube: NDArray[np.float64] = counts.reshape(16, 16, 16)
            for axis in range(3):
                cube = _smoothed(np.moveaxis(cube, axis, 0))
                cube = np.moveaxis(cube, 0, axis)
            counts = cube.ravel()
        total = counts.sum()
        if total <= 0:
            return np.full(self._bins, 1 / self._bins)
        shares: NDArray[np.float64] = counts / total
        return shares


def _smoothed(cube: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the means of neighbours along the first axis, weights 1/4, 1/2, 1/4."""
    smooth = cube / 2
    smooth[1:] += cube[:-1] / 4
    smooth[:-1] += cube[1:] / 4
    smooth[0] += cube[0] / 4
    smooth[-1] += cube[-1] / 4
    return smooth
