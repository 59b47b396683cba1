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
"""Grey values 170 apart disagree altogether."""
_GAIN = 5.0
"""Log likelihood ratio of a pixel that is surely opaque and of the right grey value."""
_ABSENCE = 5.0
"""What a pixel costs that is surely opaque and not there, as a log likelihood."""
_HIDDEN = 0.15
"""Share of that cost if something bright lies there that can hide it."""
_FIRST_FRAME = 0.5
"""Frames that the first one counts as: its box is known, what is opaque in it is not."""


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
        memory: frames the averages are taken over at most; 0: the first frame's stay.
    """

    def __init__(self, cv2: Any, crop: Grey, memory: float) -> None:
        self._cv2 = cv2
        self._memory = memory
        grey = crop.astype(np.float32)
        # The box is tight, so bright pixels in it are the target's more often than clutter's.
        opacity = np.where(grey > grey.max() / 4, 0.8, 0.03).astype(np.float32)
        self._seen = np.full(grey.shape, _FIRST_FRAME, np.float32)
        self._opaque = opacity * np.float32(_FIRST_FRAME)
        self._light = grey * self._opaque
        self._patterns: dict[int, _Patterns] = {}

    @property
    def brightest(self) -> float:
        """Brightest mean grey value."""
        return float((self._light / np.maximum(self._opaque, 1e-6)).max())

    def shape(self, size: int) -> tuple[int, int]:
        """Width and height in pixels at ``size``."""
        h, w = len(self._seen), self._seen[0].size
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

    def learn(
        self, frame: Grey, differs: Mask, hiding: Mask, place: tuple[int, int, int], rate: float
    ) -> None:
        """Average ``frame`` in, found at ``place`` (x, y, size), with the weight ``rate``.

        A size far from the first one counts little: its pixels are not those of the average.
        """
        if self._memory == 0:
            return
        x, y, size = place
        w, h = self.shape(size)
        native_w, native_h = self.shape(NATIVE)
        rate *= max(math.exp(-((math.log(size / NATIVE) / 0.15) ** 2)), 0.05)
        here = slice(y, y + h), slice(x, x + w)
        front = differs[here].astype(np.float32)
        visible, opaque, light = (
            self._resized(image, native_w, native_h, size=NATIVE)
            for image in ((~hiding[here]).astype(np.float32), front, front * frame[here])
        )
        self._seen += rate * visible
        self._opaque += rate * opaque
        self._light += rate * light
        keep = np.minimum(1, self._memory / self._seen)
        self._seen *= keep
        self._opaque *= keep
        self._light *= keep
        self._patterns = {}

    def _at(self, size: int) -> _Patterns:
        if size not in self._patterns:
            w, h = self.shape(size)
            opacity: Any = np.clip(self._opaque / np.maximum(self._seen, 1e-6), 0, 1)
            light: Any = self._light / np.maximum(self._opaque, 1e-6) * opacity
            opacity, light = (self._resized(a, w, h, size) for a in (opacity, light))
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
