"""Frames of a scene: a far and a near layer, objects, a layer in front, light, lens and sensor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes, Frame
from trackbench.datasets.scenes import sensor
from trackbench.datasets.scenes.drawing import Drawn, blend, draw, overlap
from trackbench.datasets.scenes.exposure import Exposure
from trackbench.datasets.scenes.look import Look, look
from trackbench.datasets.scenes.moving import (
    FIRST_SIMILAR,
    FIRST_TWIN,
    Cast,
    Surroundings,
    Track,
)
from trackbench.datasets.scenes.packed import Packed, bytes_of, lay_over
from trackbench.datasets.scenes.parameters import ScenesParameters
from trackbench.datasets.scenes.poses import PIXEL
from trackbench.datasets.scenes.worlds import PARALLAX, World, world
from trackbench.datasets.streams import Purpose, Stream

MOMENT_BITS = 3
MOMENTS = 2**MOMENT_BITS
"""Of an open shutter, whose pictures are averaged."""
_AT_ONCE = 18
"""Times at which objects are drawn at once: more of them take no less time each."""


@dataclass(frozen=True)
class Object:
    """What an object looks like, and its way."""

    look: Look
    track: Track

    def drawn(self, times: Sequence[float]) -> list[Drawn]:
        """Return it at each of some times, in frames from frame 0."""
        return draw(self.look, [self.track.pose(time) for time in times])


@dataclass(frozen=True)
class Scene:
    """All that is in a video, at any time of it."""

    parameters: ScenesParameters
    world: World
    target: Object
    similar: list[Object]
    twins: list[Object]
    surroundings: Surroundings

    def drawn(self, times: Sequence[float]) -> list[list[Drawn]]:
        """Return all objects as they are at each of some times, the target last.

        Args:
            times: in frames from frame 0.
        """
        objects = (*self.similar, *self.twins, self.target)
        every = [thing.drawn(times) for thing in objects]
        return [list(together) for together in zip(*every, strict=True)]

    def picture(self, time: float, drawn: list[Drawn], out: Packed | None = None) -> Packed:
        """Return (H, W) what there is at a time, before light, lens and sensor.

        Args:
            time: in frames from frame 0.
            drawn: the objects at this time.
            out: where it is made; None: in memory of its own.
        """
        camera = self.surroundings.camera(time)
        far = self._window(self.world.far, camera, 0)
        picture: Packed = np.minimum(far, self._window(self.world.near, camera, 1), out=out)
        for thing in drawn:
            blend(picture, thing)
        front = self._window(self.world.front, camera, 2)
        for part in self.world.occluded(*_corner(camera, 2), *front.shape):
            lay_over(picture[part], front[part])
        return picture

    def front(self, time: float) -> NDArray[np.bool_]:
        """Return (H, W), where the layer before the target hides what is behind it."""
        camera = self.surroundings.camera(time)
        found: NDArray[np.bool_] = self._window(self.world.front_covered, camera, 2)
        return found

    def _window(self, layer: NDArray, camera: tuple[int, int], number: int) -> NDArray:  # type: ignore[type-arg]  # of pixels or of bools
        row, column = _corner(camera, number)
        return layer[row : row + self.parameters.height, column : column + self.parameters.width]


def _corner(camera: tuple[int, int], number: int) -> tuple[int, int]:
    """Return the row and column of a layer that the window's corner is at."""
    row, column = camera
    return row * PARALLAX[number] // (2 * PIXEL), column * PARALLAX[number] // (2 * PIXEL)


def scene(parameters: ScenesParameters, seed: int, index: int, length: int) -> Scene:
    """Return what is in the first ``length`` frames of a sequence."""
    p = parameters
    which = int(Stream(seed, Purpose.CLUTTER_CHOICE, index).integers(0, p.worlds, 1)[0])
    place = world(seed, which, p.background, p.occluders, p.height, p.width)
    cast = Cast(p, seed, index, length)
    own = look(seed, index, 0, place.far_rgb, p.camouflage)
    similar = [
        Object(
            look(seed, index, FIRST_SIMILAR + n, place.far_rgb, p.camouflage),
            cast.other(FIRST_SIMILAR + n),
        )
        for n in range(p.similar)
    ]
    twins = [Object(own, cast.other(FIRST_TWIN + n)) for n in range(p.twins)]
    return Scene(p, place, Object(own, cast.target()), similar, twins, cast.surroundings())


@dataclass(frozen=True)
class Rendered:
    """Frames, and what is true of them.

    Attributes:
        frames: (T, H, W, 3) uint8.
        boxes: (T, 4), tight around the target's mask, seen or not, in the frame or not.
        visible: (T, H, W), the target's pixels that are seen.
        seen: (T,) how many these are.
        whole: (T,) pixels of the mask.
        similar, twins: (N, T, 4), boxes of the other objects.
        scene: what is in the frames.
    """

    frames: Frame
    boxes: Boxes
    visible: NDArray[np.bool_]
    seen: NDArray[np.int64]
    whole: NDArray[np.int64]
    similar: Boxes
    twins: Boxes
    scene: Scene = field(repr=False)

    def masks(self, time: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return the target's masks of one frame, (H, W) each: all of it, and what is seen."""
        p = self.scene.parameters
        amodal = np.zeros((p.height, p.width), np.bool_)
        (drawn,) = self.scene.target.drawn((time,))
        here, there = overlap(drawn, amodal.shape)
        if here is not None:
            amodal[here] = drawn.opaque[there]
        return amodal, self.visible[time]


def render(parameters: ScenesParameters, seed: int, index: int, length: int) -> Rendered:
    """Render the first ``length`` frames of a sequence."""
    p = parameters
    made = scene(p, seed, index, length)
    frames = np.empty((length, p.height, p.width, 3), np.uint8)
    boxes = np.empty((len(made.similar) + len(made.twins) + 1, length, 4), np.float64)
    visible = np.zeros((length, p.height, p.width), np.bool_)
    whole = np.empty(length, np.int64)
    for time, everything, exposed in _exposures(made, length):
        gains = made.surroundings.gains(time)
        sensor.record(
            frames[time], exposed, gains, p, Stream(seed, Purpose.NOISE, index, time), seed
        )
        boxes[:, time] = [tight_box(each) for each in everything]
        drawn = everything[-1]
        whole[time] = np.count_nonzero(drawn.opaque)
        here, there = overlap(drawn, (p.height, p.width))
        if here is not None:
            visible[time][here] = drawn.opaque[there] & ~made.front(time)[here]
    similar, twins, _ = np.split(boxes, [len(made.similar), len(boxes) - 1])
    seen = np.count_nonzero(visible, axis=(1, 2))
    return Rendered(frames, boxes[-1], visible, seen, whole, similar, twins, made)


def tight_box(drawn: Drawn) -> tuple[int, int, int, int]:
    """Return (x, y, w, h) of an object's mask, in the frame or not."""
    opaque = drawn.opaque
    rows, columns = np.nonzero(opaque.any(axis=1))[0], np.nonzero(opaque.any(axis=0))[0]
    top, left = int(rows[0]), int(columns[0])
    return (
        drawn.column + left,
        drawn.row + top,
        int(columns[-1]) + 1 - left,
        int(rows[-1]) + 1 - top,
    )


def _exposures(made: Scene, length: int) -> Iterator[tuple[int, list[Drawn], NDArray[np.uint8]]]:
    """Yield, for each frame: its number, all objects in it, and what falls on the sensor.

    That is (H, W, 4). The shutter is open for as long before the frame's time as after it.
    """
    p = made.parameters
    steps = range(1 - MOMENTS, MOMENTS, 2) if p.blur else ()
    shifts = [step / (2 * MOMENTS) * p.blur for step in steps]
    times = [(time, *(time + shift for shift in shifts)) for time in range(length)]
    at_once = _AT_ONCE // (1 + len(shifts))
    for first in range(0, length, at_once):
        some = times[first : first + at_once]
        drawn = iter(made.drawn([each for moments in some for each in moments]))
        for time, *moments in some:
            everything = next(drawn)
            if not moments:
                yield time, everything, bytes_of(made.picture(time, everything))
                continue
            exposure = Exposure((p.height, p.width))
            picture = np.empty((p.height, p.width), np.uint32)
            for moment in moments:
                exposure.add(made.picture(moment, next(drawn), picture))
            yield time, everything, bytes_of(exposure.mean(MOMENT_BITS))
