"""What moves in a video: where each thing is in each frame, how large, how turned, and its looks.

Each thing has streams of its own (its *part*), and each stream one purpose: what a factor changes
moves nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets import digits, exact, sprites, steady
from trackbench.datasets.mnist_factors.parameters import MnistFactorsParameters
from trackbench.datasets.mnist_factors.turned_sprites import PIXEL, TurnedSprites, turned
from trackbench.datasets.streams import Purpose, Stream

TARGET, FIRST_OTHER, FIRST_TWIN, WINDOW = 0, 1, 1001, 2001
"""Parts of the streams."""
_REACH = 20
"""Pixels from the centre of a digit's image to its corner, rounded up."""
_STEP = 0.05
"""Mean change a frame of what wanders in [-1, 1], over the mean length of a normal number."""
_FINE = 2**16


@dataclass(frozen=True)
class Moving:
    """A digit in each of T frames.

    Attributes:
        sprites: what it looks like, and where it is.
        size: (T,), over that of frame 0.
        turned: (T,) degrees since frame 0, positive or negative.
        bounce: (T,) bool, it was turned back by a wall since the frame before.
    """

    sprites: TurnedSprites
    size: NDArray[np.float64]
    turned: NDArray[np.float64]
    bounce: NDArray[np.bool_]


class Cast:
    """Makes what moves in the first ``length`` frames of a sequence."""

    def __init__(
        self, parameters: MnistFactorsParameters, seed: int, index: int, length: int
    ) -> None:
        self._parameters, self._seed, self._index = parameters, seed, index
        self._times = np.arange(length) * parameters.interval

    def target(self) -> Moving:
        """Return the target."""
        return self._moving(TARGET, TARGET, self._parameters.contrast)

    def others(self) -> list[Moving]:
        """Return the other digits, from the lowest up."""
        count = self._parameters.others
        return [self._moving(FIRST_OTHER + n, FIRST_OTHER + n, 1.0) for n in range(count)]

    def twins(self) -> list[Moving]:
        """Return those that look like the target, from the lowest up."""
        p = self._parameters
        return [self._moving(FIRST_TWIN + n, TARGET, p.contrast) for n in range(p.twins)]

    def windows(self) -> NDArray[np.int64]:
        """Return (T, 2): (row, column) of the corner of the window onto the clutter."""
        p = self._parameters
        centres, _ = self._path(WINDOW, p.clutter.canvas - p.canvas, p.drift)
        return centres // PIXEL

    def gains(self) -> NDArray[np.int64]:
        """Return (T,): the brightness of each frame in 256ths; all of it in frame 0."""
        away = np.abs(self._wandering(Purpose.BRIGHTNESS, TARGET))
        return 256 - np.rint(away * self._parameters.brightness * 256).astype(np.int64)

    def _moving(self, part: int, looks_like: int, contrast: float) -> Moving:
        p = self._parameters
        centres, bounce = self._path(part, p.canvas - 2 * p.margin, p.speed)
        doublings = float(exact.log(np.array([p.scale]))[0] / exact.log(np.array([2.0]))[0])
        size = exact.power_of_two(self._wandering(Purpose.SCALE, part) * doublings)
        sign = 2 * int(self._stream(Purpose.TURN, part).integers(0, 2, 1)[0]) - 1
        degrees = self._times.astype(np.float64) * p.rotation * sign
        cosine, sine = exact.cosine_sine(degrees / 360.0)
        image, intensity = self._look(looks_like)
        drawn = turned(
            image,
            centres + p.margin * PIXEL,
            cosine,
            sine,
            size,
            side=2 * int(_REACH * p.scale + 1),
        )
        dimmed = sprites.dim(drawn.value, int(intensity * contrast))
        return Moving(TurnedSprites(dimmed, drawn.opaque, drawn.corners), size, degrees, bounce)

    def _path(
        self, part: int, travel: int, speed: float
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return (T, 2) places in [0, travel] in ``PIXEL``-ths, and where a wall was hit.

        The way is that of one pixel a frame times the speed, so a faster one is the same path,
        walked on farther.
        """
        stream = self._stream(Purpose.MOTION, part)
        room = travel * PIXEL
        start = stream.integers(0, room + 1, 2)
        way = steady.travelled(steady.mean_reverting(stream, self._simulated))[self._times]
        unfolded = start + np.rint(way * (speed * PIXEL / steady.MEAN_LENGTH)).astype(np.int64)
        return steady.folded(unfolded, room), steady.walls_passed(unfolded, room)

    def _wandering(self, purpose: Purpose, part: int) -> NDArray[np.float64]:
        """Return (T,): what wanders in [-1, 1] for ever, from 0 in frame 0."""
        stream = self._stream(purpose, part)
        way = steady.travelled(steady.mean_reverting(stream, self._simulated, axes=1))
        fine = np.rint(way[self._times, 0] * (_STEP * _FINE)).astype(np.int64)
        return (steady.folded(fine + _FINE, 2 * _FINE) - _FINE) / _FINE

    def _look(self, part: int) -> tuple[NDArray[np.uint8], int]:
        """Return a digit's image and intensity."""
        stream = self._stream(Purpose.SPRITE, part)
        source = digits.load(self._parameters.digits)
        darkest, brightest = self._parameters.intensity
        which = int(stream.integers(0, len(source), 1)[0])
        return source[which], int(stream.integers(darkest, brightest + 1, 1)[0])

    @property
    def _simulated(self) -> int:
        """Frames that are moved through, shown or not."""
        return int(self._times[-1]) + 1

    def _stream(self, purpose: Purpose, part: int) -> Stream:
        return Stream(self._seed, purpose, self._index, part)
