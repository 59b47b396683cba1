"""Whether a picture is flat: things on a ground of one level, beside a sensor's noise.

So are videos that are drawn, such as moving MNIST. One of the world is not: its levels vary from
place to place by far more than from a pixel to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes, Frame
from trackbench.trackers.champion_background import Grey

Channels = NDArray[np.int16]

_TO_DEVIATION = 1.4826
"""Of a normal distribution: its standard deviation over its median absolute deviation."""
_MOST_SPREAD = 1.2
"""Of a flat picture: how far its levels spread, over what its noise alone would make of it. On
validation videos of digits, with noise of up to 48 levels, it is 1 at most; on scenes, with as much
added, at least 1.25 (``scripts/champion_decisions.py``)."""
_PLAIN = 4
"""Levels by which the pixels of a bar may differ."""
_ROOM = 4
"""What is between bars is looked at if it is so many times as large as the target; or else it may
be the target and little else, on a ground that is plain."""
_NOISY = 10.0
"""Levels of noise from which on a frame is smoothed."""
_SMOOTHED = 0.375
"""What smoothing over 3 x 3 pixels, with the weights 1, 2, 1 along each axis, leaves of it."""
_DEVIATIONS, _MOST_NOISE = 4.0, 28.0
"""The noise that is allowed for: so many standard deviations, and so many levels at most. With more
the background would take in what is darker than that."""


@dataclass(frozen=True)
class Ground:
    """What a frame's things are seen against.

    Attributes:
        noise: standard deviation of the noise, in levels: the median difference of neighbours says
            it where edges are few. Of several channels the greatest.
        spread: of the levels around the target about their median, over what the noise alone makes
            of it; the channel's in which it is greatest. Bars beside a picture are no part of it.
    """

    noise: float
    spread: float

    @property
    def flat(self) -> bool:
        """Whether most of what is around the target is the ground."""
        return self.spread <= _MOST_SPREAD

    @classmethod
    def of(cls, frame: Frame, box: Boxes) -> Ground:
        """Look at ``frame`` (H, W[, 3]) around the target's ``box`` (4,)."""
        channels = np.atleast_3d(frame).astype(np.int16)
        rows, columns = _between_bars(channels, box)
        picture = channels[rows, columns]
        around = picture[_around(box - (columns.start, rows.start, 0, 0), picture.shape)]
        spread = _TO_DEVIATION * np.median(abs(around - np.median(around, axis=0)), axis=0)
        # A level of rounding beside both.
        over = (spread + 1) / (_noises(picture) + 1)
        return cls(float(_noises(channels).max()), float(over.max()))


class Relief:
    """How far frames are from the first one's ground: what layers are told apart in.

    A noisy video is smoothed first.

    Args:
        cv2: the OpenCV module.
        frame: (H, W[, 3]) the first frame.
        noise: standard deviation of what differs from frame to frame, in levels.

    Attributes:
        tolerance: levels by which the same thing may differ from frame to frame for its noise.
    """

    def __init__(self, cv2: Any, frame: Frame, noise: float) -> None:
        self._cv2 = cv2
        self._smooth = noise >= _NOISY
        noise *= _SMOOTHED if self._smooth else 1
        self.tolerance = round(min(_DEVIATIONS * noise, _MOST_NOISE))
        self._level = _level(self._smoothed(frame))

    def of(self, frame: Frame) -> Grey:
        """Return how far ``frame`` (H, W[, 3]) is from the ground, the farthest channel: (H, W)."""
        frame = self._smoothed(frame)
        away = np.maximum(frame, self._level) - np.minimum(frame, self._level)
        return np.ascontiguousarray(away if frame.ndim == 2 else away.max(axis=2))

    def _smoothed(self, frame: Frame) -> Frame:
        if not self._smooth:
            return frame
        weights = np.array([1, 2, 1], np.float32) / 4
        smooth: Frame = self._cv2.sepFilter2D(frame, -1, weights, weights)
        return smooth


def noise_between(first: Frame, second: Frame) -> float:
    """Return the standard deviation of what is new in each of two frames (H, W[, 3]), in levels.

    Most of a flat picture is the ground, so the median difference is that of the noise. A texture
    that stays is none, however much it looks like it.
    """
    new = np.median(abs(np.subtract(second, first, dtype=np.int16)), axis=(0, 1))
    return float(_TO_DEVIATION * new.max() / np.sqrt(2))


def _around(box: Boxes, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return (H, W), where the box is not; everywhere if it covers the frame."""
    around = np.ones(shape[:2], np.bool_)
    start = np.maximum(np.floor(box[:2]), 0).astype(int)
    stop = np.maximum(np.ceil(box[:2] + box[2:]), 0).astype(int)
    around[start[1] : stop[1], start[0] : stop[0]] = False
    return around if around.any() else ~around


def _between_bars(channels: Channels, box: Boxes) -> tuple[slice, slice]:
    """Return the rows and columns of a picture (H, W, C) between plain bars along its borders.

    All of them where what is left is hardly more than the target's ``box`` (4,).
    """
    rows, columns = (_between_plain(lines) for lines in (channels, channels.swapaxes(0, 1)))
    left = (rows.stop - rows.start) * (columns.stop - columns.start)
    if left < _ROOM * box[2] * box[3] or not left:
        return slice(0, channels.shape[0]), slice(0, channels.shape[1])
    return rows, columns


def _between_plain(lines: Channels) -> slice:
    """Return which lines (N, M, C) are between those at both ends that are of one colour each."""
    darkest, brightest = lines.min(axis=1), lines.max(axis=1)

    def like(end: int) -> NDArray[np.bool_]:
        low, high = np.minimum(darkest, darkest[end]), np.maximum(brightest, brightest[end])
        plain: NDArray[np.bool_] = (high - low <= _PLAIN).all(axis=1)
        return plain

    first, last = ~like(0), ~like(-1)
    if not first.any() or not last.any():
        return slice(0, 0)
    return slice(int(first.argmax()), len(last) - int(last[::-1].argmax()))


def _level(frame: Frame) -> NDArray[np.uint8]:
    return np.asarray(np.median(frame, axis=(0, 1)).astype(np.uint8))


def _noises(channels: Channels) -> NDArray[np.float64]:
    """Return (C,) the noise of each channel of (H, W, C)."""
    return np.array([_noise(channels[:, :, at]) for at in range(channels.shape[2])])


def _noise(channel: Channels) -> float:
    down, right = np.diff(channel, axis=0).ravel(), np.diff(channel, axis=1).ravel()
    differences = abs(np.concatenate([down, right]))
    if not differences.size:  # a single pixel
        return 0.0
    return float(_TO_DEVIATION * np.median(differences) / np.sqrt(2))
