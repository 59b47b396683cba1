"""What moves in a scene, and how: objects, the camera and the light, at any time of a video.

Each has streams of its own, so that what a factor changes moves nothing else. All of them are
known at whole frames and go along straight lines between them, where an open shutter sees them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets import exact, steady
from trackbench.datasets.scenes.parameters import ScenesParameters
from trackbench.datasets.scenes.poses import PIXEL, Pose, pose
from trackbench.datasets.scenes.worlds import TRAVEL
from trackbench.datasets.streams import Purpose, Stream

TARGET, FIRST_SIMILAR, FIRST_TWIN, CAMERA = 0, 1, 1001, 2001
"""Parts of the streams."""
BEFORE = 4
"""Frames that are simulated before frame 0 and after the last, which a long exposure sees."""
_STEP = 0.05
_MARGIN = 36
"""Pixels that the middle of what moves stays away from the border, at least, where it begins."""


@dataclass(frozen=True)
class Track:
    """An object's way through a video, at the whole frames that are simulated.

    Attributes:
        way: (T, 2) float64, (row, column) in ``PIXEL``-ths, without walls.
        room: (2,) where the walls are, from ``low`` on.
        low: what is added to a place between the walls.
        size: (T,) over the object's own.
        degrees: (T,) turned since frame 0, positive or negative.
        facing: (T, 2), cosine and sine of that.
        bends: (T, 4) in [-1, 1] times the deformation.
        diameter: in pixels at size 1.
    """

    way: NDArray[np.float64]
    room: tuple[int, int]
    low: int
    size: NDArray[np.float64]
    degrees: NDArray[np.float64]
    facing: NDArray[np.float64]
    bends: NDArray[np.float64]
    diameter: int

    def pose(self, time: float) -> Pose:
        """Return where the object is at a time in frames from frame 0."""
        row, column, cosine, sine, size, *bends = _at(self._poses, time)
        centre = (
            _folded(round(row), self.room[0]) + self.low,
            _folded(round(column), self.room[1]) + self.low,
        )
        a, b, c, d = (round(bend * 256.0) for bend in bends)
        return pose(centre, cosine, sine, self.diameter * size, (a, b, c, d))

    @cached_property
    def _poses(self) -> list[list[float]]:
        """(T, 9), all that a pose is made of, in plain numbers: it is asked for at many times."""
        poses: list[list[float]] = np.column_stack(
            (self.way, self.facing, self.size, self.bends)
        ).tolist()
        return poses

    def bounces(self) -> NDArray[np.bool_]:
        """Return (T,): a wall turned it back since the frame before, of the simulated frames."""
        way = np.rint(self.way).astype(np.int64)
        rows, columns = (
            steady.walls_passed(way[:, axis : axis + 1], self.room[axis]) for axis in (0, 1)
        )
        return np.logical_or(rows, columns)


@dataclass(frozen=True)
class Surroundings:
    """The camera's way and the light, at the whole frames that are simulated.

    Attributes:
        way: (T, 2) float64, (row, column) of the camera in ``PIXEL``-ths, without walls.
        light: (T, 3) float64, of red, green and blue, 1 is all of it.
    """

    way: NDArray[np.float64]
    light: NDArray[np.float64]

    def camera(self, time: float) -> tuple[int, int]:
        """Return the place of the camera's window at a time, in ``PIXEL``-ths."""
        row, column = _at(self._way, time)
        return _folded(round(row), TRAVEL[0] * PIXEL), _folded(round(column), TRAVEL[1] * PIXEL)

    def gains(self, time: float) -> tuple[int, int, int]:
        """Return the light of red, green and blue in 256ths."""
        red, green, blue = (round(part * 256.0) for part in _at(self._light, time))
        return red, green, blue

    @cached_property
    def _way(self) -> list[list[float]]:
        way: list[list[float]] = self.way.tolist()
        return way

    @cached_property
    def _light(self) -> list[list[float]]:
        light: list[list[float]] = self.light.tolist()
        return light


class Cast:
    """Makes what moves in the first ``length`` frames of a sequence."""

    def __init__(self, parameters: ScenesParameters, seed: int, index: int, length: int) -> None:
        self._parameters, self._seed, self._index = parameters, seed, index
        self._frames = length + 2 * BEFORE

    def target(self) -> Track:
        """Return the target's track."""
        return self._track(TARGET, self._parameters.beyond)

    def other(self, part: int) -> Track:
        """Return the track of another object, which stays in view."""
        return self._track(part, 0)

    def surroundings(self) -> Surroundings:
        """Return the camera and the light."""
        p = self._parameters
        stream = Stream(self._seed, Purpose.CAMERA, self._index)
        start = stream.uniform(2) * np.array(TRAVEL, np.float64) * PIXEL
        way = self._way(stream, p.camera)
        lost = np.abs(self._wandering(Purpose.BRIGHTNESS, TARGET, 4))
        light = 1.0 - lost[:, :1] * p.illumination
        light = light * (1.0 - lost[:, 1:] * (p.illumination / 2.0))
        return Surroundings(np.rint(start) + way, light)

    def _track(self, part: int, beyond: int) -> Track:
        p = self._parameters
        stream = Stream(self._seed, Purpose.MOTION, self._index, part)
        inner = np.array([p.height - 2 * _MARGIN, p.width - 2 * _MARGIN], np.float64) * PIXEL
        # Where it begins is in view; how far beyond it may go moves only the walls.
        more = _MARGIN + beyond if beyond else 0
        start = np.rint(stream.uniform(2) * inner) + more * PIXEL
        rows, columns = (int(side) + 2 * more * PIXEL for side in inner)
        turning = Stream(self._seed, Purpose.TURN, self._index, part)
        sign = 2 * int(turning.integers(0, 2, 1)[0]) - 1
        degrees = np.arange(-float(BEFORE), self._frames - BEFORE) * (sign * p.rotation)
        octaves = exact.log(np.array([p.scale, 2.0]))
        doublings = self._wandering(Purpose.SCALE, part, 1)[:, 0]
        return Track(
            way=start + self._way(stream, p.speed),
            room=(rows, columns),
            low=(_MARGIN - more) * PIXEL,
            size=exact.power_of_two(doublings * float(octaves[0] / octaves[1])),
            degrees=degrees,
            facing=np.stack(exact.cosine_sine(degrees / 360.0), axis=1),
            bends=self._wandering(Purpose.BEND, part, 4) * p.deformation,
            diameter=p.diameter,
        )

    def _way(self, stream: Stream, speed: float) -> NDArray[np.float64]:
        """Return (T, 2): how far something has gone, in ``PIXEL``-ths, 0 in frame 0."""
        way = steady.travelled(steady.mean_reverting(stream, self._frames))
        gone: NDArray[np.float64] = (way - way[BEFORE]) * (speed * PIXEL / steady.MEAN_LENGTH)
        return gone

    def _wandering(self, purpose: Purpose, part: int, axes: int) -> NDArray[np.float64]:
        """Return (T, axes): what wanders in [-1, 1] for ever, from 0 in frame 0."""
        stream = Stream(self._seed, purpose, self._index, part)
        way = steady.travelled(steady.mean_reverting(stream, self._frames, axes))
        fine = np.rint((way - way[BEFORE]) * (_STEP * 2**16)).astype(np.int64)
        return (steady.folded(fine + 2**16, 2 * 2**16) - 2**16) / 2**16


def _at(values: list[list[float]], time: float) -> list[float]:
    """Return values (T, N) at a time, on straight lines between two frames."""
    before = math.floor(time)
    share = time - before
    first = values[before + BEFORE]
    if share == 0.0:
        return first
    second = values[before + BEFORE + 1]
    return [one + (other - one) * share for one, other in zip(first, second, strict=True)]


def _folded(way: int, travel: int) -> int:
    """Return what :func:`.steady.folded` does, of one number."""
    there = way % (2 * travel)
    return min(there, 2 * travel - there)
