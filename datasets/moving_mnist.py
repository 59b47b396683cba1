"""Cluttered moving MNIST (arXiv 1511.06425, Sec. 4): one video after the other, exactly.

From behind to in front: clutter, the other object, the target, clutter. The renderer knows what
it hides, so it records per frame what makes tracking hard.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes, DatasetSpec, Frame, Video
from trackbench.datasets import clutter, digits, motion, sprites
from trackbench.datasets.asked_sequence import asked_length
from trackbench.datasets.clutter import ClutterParameters
from trackbench.datasets.digits import SIDE, Digits
from trackbench.datasets.sprites import Sprite
from trackbench.datasets.streams import Purpose, Stream
from trackbench.metrics.iou import mask_iou


class Shape(Enum):
    """What a moving object looks like."""

    DIGIT = "digit"
    """One digit, times an intensity."""
    PAIR = "pair"
    """MNIST-2: two digits, one over the other."""


@dataclass(frozen=True)
class MovingMnistParameters:
    """Everything but the seed that determines the videos.

    Attributes:
        digits: where the digits come from, those of the clutter included.
        shape: what an object looks like.
        objects: moving objects in a video; the target is the uppermost.
        canvas: side of a frame in pixels.
        step: share of the velocity that is added to the position each frame.
        acceleration: standard deviation of what each component of the velocity changes by.
        scale: the size is multiplied by exp(scale * U(-1/2, 1/2)) each frame.
        smallest: smallest side of a sprite in pixels.
        intensity: darkest and brightest factor of a digit, of 255, both included.
        clutter: the clutter images.
    """

    digits: Digits
    shape: Shape
    objects: int
    canvas: int = 100
    step: float = 0.1
    acceleration: float = 0.1
    scale: float = 0.1
    smallest: int = 8
    intensity: tuple[int, int] = (64, 255)
    clutter: ClutterParameters = field(default_factory=ClutterParameters)


@dataclass(frozen=True)
class _Moving:
    """One object's sprite and corner (row, column) in each of T frames."""

    sprites: list[Sprite]
    sides: list[int]
    corners: NDArray[np.int64]
    bounce: NDArray[np.bool_]

    def boxes(self) -> Boxes:
        """Return (T, 4): the tight boxes of the opaque pixels, hidden or not."""
        boxes = np.array([sprite.box for sprite in self.sprites], np.float64)
        boxes[:, :2] += self.corners[:, ::-1]
        return boxes


class MovingMnist:
    """The data set of a spec whose ``generator`` is a :class:`MovingMnistParameters`."""

    def __init__(self, spec: DatasetSpec) -> None:
        if not isinstance(spec.generator, MovingMnistParameters):
            raise TypeError(f"{spec.id}: generator must be MovingMnistParameters")
        self.spec = spec
        self._parameters = spec.generator

    def sequence(self, index: int, length: int | None = None) -> Video:
        """Make the first ``length`` frames of sequence ``index``; see the ``Dataset`` contract."""
        length = asked_length(self.spec, index, length)
        p = self._parameters
        paths = motion.walks(
            Stream(self.spec.seed, Purpose.MOTION, index),
            steps=[p.clutter.step, *[p.step] * p.objects],
            travel=[p.clutter.canvas - p.canvas, *[p.canvas - SIDE] * p.objects],
            acceleration=p.acceleration,
            length=length,
        )
        behind, front = self._clutter(index)
        # Both layers move as one, so they are laid over one another once for all frames, and what
        # moves between them is drawn where the front layer lets it be seen.
        gaps = front == 0
        frames = clutter.windows(np.where(gaps, behind, front), paths.pixels[0], p.canvas)
        objects = self._objects(index, paths, length)
        seen = [_draw(frames, moving, gaps, paths.pixels[0]) for moving in objects]
        target, shown = objects[-1], np.array([np.count_nonzero(pixels) for pixels in seen[-1]])
        boxes = target.boxes()
        others = [other.boxes() for other in objects[:-1]]
        return Video(frames, boxes, _attributes(target, shown, boxes, others, p.canvas))

    def _clutter(self, index: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return the clutter images behind and in front of everything that moves."""
        p = self._parameters
        choice = Stream(self.spec.seed, Purpose.CLUTTER_CHOICE, index)
        behind, front = (
            clutter.clutter_image(p.clutter, p.digits, self.spec.seed, which)
            for which in choice.integers(0, p.clutter.images, 2).tolist()
        )
        return behind, front

    def _objects(self, index: int, paths: motion.Walks, length: int) -> list[_Moving]:
        """Return the objects from the lowest to the uppermost, the target."""
        p = self._parameters
        look = Stream(self.spec.seed, Purpose.SPRITE, index)
        factors = motion.scales(
            Stream(self.spec.seed, Purpose.SCALE, index), p.objects, p.scale, length
        )
        objects = []
        for number in range(p.objects):
            corners = paths.pixels[1 + number]
            sides = motion.sides(factors[number], corners, SIDE, p.smallest, p.canvas)
            image = self._image(look)
            sized = {side: sprites.resample(image, side) for side in set(sides)}
            objects.append(
                _Moving([sized[s] for s in sides], sides, corners, paths.bounce[1 + number])
            )
        return objects

    def _image(self, look: Stream) -> NDArray[np.uint8]:
        p = self._parameters
        source = digits.load(p.digits)
        first, second = look.integers(0, len(source), 2).tolist()
        intensity = int(look.integers(p.intensity[0], p.intensity[1] + 1, 1)[0])
        if p.shape is Shape.PAIR:
            return sprites.pair(source[first], source[second])
        return sprites.dim(source[first], intensity)


def _draw(
    frames: Frame, moving: _Moving, gaps: NDArray[np.bool_], corners: NDArray[np.int64]
) -> list[NDArray[np.bool_]]:
    """Draw an object into T frames; return which of its pixels are seen in each, (side, side).

    Args:
        frames: (T, H, W), the windows at ``corners`` of both layers of clutter.
        moving: the object.
        gaps: where the front layer is transparent, on the whole clutter image.
        corners: (T, 2), (row, column) of the windows.
    """
    shown = []
    places = zip(
        frames,
        moving.sprites,
        moving.sides,
        moving.corners.tolist(),
        (moving.corners + corners).tolist(),
        strict=True,
    )
    for frame, sprite, side, (top, left), (row, column) in places:
        seen = gaps[row : row + side, column : column + side] & sprite.opaque
        np.copyto(frame[top : top + side, left : left + side], sprite.value, where=seen)
        shown.append(seen)
    return shown


def _attributes(
    target: _Moving, shown: NDArray[np.int64], boxes: Boxes, others: list[Boxes], canvas: int
) -> dict[str, NDArray[Any]]:
    length = len(boxes)
    centres = boxes[:, :2] + boxes[:, 2:] / 2
    speed = np.full(length, np.nan)
    speed[1:] = _length(centres[1:] - centres[:-1])
    iou, distance = np.full(length, np.nan), np.full(length, np.nan)
    for other in others:
        away = _length(centres - (other[:, :2] + other[:, 2:] / 2))
        nearer = ~(away >= distance)
        distance = np.where(nearer, away, distance)
        iou = np.where(nearer, mask_iou(boxes, other, (canvas, canvas)), iou)
    return {
        "visibility": shown / [sprite.pixels for sprite in target.sprites],
        "speed": speed,
        "scale": np.array(target.sides) / target.sides[0],
        "distractor_iou": iou,
        "distractor_distance": distance,
        "bounce": target.bounce,
    }


def _length(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.sqrt((vectors * vectors).sum(axis=-1))
    return lengths
