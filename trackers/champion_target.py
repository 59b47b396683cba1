"""What the target looks like: grey value and opacity of every pixel.

Correlating with two patterns compares grey values robustly. A pixel f in front of the background
agrees with the target's t by cos(theta (f - t)) = cos(theta f) cos(theta t) + sin(theta f)
sin(theta t), which falls like the squared difference near 0 and is bounded far from it: one Fourier
feature of a kernel (Rahimi and Recht, 2007), so that a whole frame costs two correlations. A third
one takes off what should be opaque but shows background that cannot hide it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.trackers.champion_background import Grey, Mask

Floats = NDArray[np.float32]

NATIVE = 28
"""Sizes are whole numbers of 28ths of the first box's."""

_THETA = math.pi / 170
"""Grey values 170 apart disagree altogether; black and white, 255 apart, count for nothing."""
_GAIN = 5.0
"""Log likelihood ratio of a pixel that is surely opaque and of the right grey value."""
_ABSENCE = 5.0
"""What a pixel costs that is surely opaque and not there, as a log likelihood."""
_HIDDEN = 0.15
"""Share of that cost if something bright lies there that can hide it."""
_BRIGHT, _DARK = 0.8, 0.03
"""How likely a pixel of the first box is opaque: one brighter than a quarter of its brightest, and
another; chosen on validation videos."""


@dataclass(frozen=True)
class Evidence:
    """A frame's part in the score: three (H, W) float32 images."""

    cosine: Floats
    sine: Floats
    absence: Floats

    @classmethod
    def of(cls, frame: Grey, differs: Mask, hiding: Mask) -> Evidence:
        """Prepare ``frame`` (H, W) and its masks from ``Background.separate``."""
        angle = frame.astype(np.float32) * np.float32(_THETA)
        absence = (~differs).astype(np.float32) - np.float32(1 - _HIDDEN) * hiding
        return cls(np.cos(angle) * differs, np.sin(angle) * differs, absence.astype(np.float32))


@dataclass(frozen=True)
class _Patterns:
    """The target's part in the score at one size, and the score of a perfect match."""

    cosine: Floats
    sine: Floats
    absence: Floats
    perfect: float


class TargetModel:
    """The target's grey values and opacity.

    Args:
        cv2: the OpenCV module.
        crop: (h, w) uint8, the first frame inside the first box.
    """

    def __init__(self, cv2: Any, crop: Grey) -> None:
        self._cv2 = cv2
        grey = crop.astype(np.float32)
        # The box is tight, so bright pixels in it are the target's more often than clutter's.
        self._opaque = np.where(grey > grey.max() / 4, _BRIGHT, _DARK).astype(np.float32)
        self._light = grey * self._opaque
        self._brightest = float(grey.max())
        self._patterns: dict[int, _Patterns] = {}

    @property
    def brightest(self) -> float:
        """Brightest mean grey value."""
        return self._brightest

    def shape(self, size: int) -> tuple[int, int]:
        """Width and height in pixels at ``size``."""
        h, w = self._opaque.shape
        return _side(w, size), _side(h, size)

    def perfect(self, size: int) -> float:
        """Score of a perfect match at ``size``."""
        return self._at(size).perfect

    def scores(self, evidence: Evidence, size: int, rows: slice, columns: slice) -> Floats:
        """Score every place of ``size`` that lies wholly in the part ``rows``, ``columns``."""
        patterns = self._at(size)

        def correlate(image: Floats, pattern: Floats) -> Any:
            return self._cv2.matchTemplate(image[rows, columns], pattern, self._cv2.TM_CCORR)

        scores: Floats = (
            correlate(evidence.cosine, patterns.cosine)
            + correlate(evidence.sine, patterns.sine)
            - correlate(evidence.absence, patterns.absence)
        )
        return scores

    def _at(self, size: int) -> _Patterns:
        if size not in self._patterns:
            w, h = self.shape(size)
            opacity, light = (self._resized(a, w, h, size) for a in (self._opaque, self._light))
            angle = _THETA * light / np.maximum(opacity, np.float32(1e-3))
            weight = np.log1p(opacity * (math.exp(_GAIN) - 1))
            absence = -np.log(opacity * math.exp(-_ABSENCE) + (1 - opacity))
            self._patterns[size] = _Patterns(
                (weight * np.cos(angle)).astype(np.float32),
                (weight * np.sin(angle)).astype(np.float32),
                absence.astype(np.float32),
                float(weight.sum()),
            )
        return self._patterns[size]

    def _resized(self, image: NDArray[Any], w: int, h: int, size: int) -> Floats:
        smooth = self._cv2.INTER_AREA if size < 24 else self._cv2.INTER_LINEAR
        resized: Floats = self._cv2.resize(image, (w, h), interpolation=smooth)
        return resized


def _side(pixels: int, size: int) -> int:
    return max(min(3, pixels), round(pixels * size / NATIVE))
