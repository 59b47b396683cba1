"""Small, seeded, easy videos whose truth is exact: any tracker that follows at all follows these.

A bright textured target moves smoothly over a dark ground. Targets are off the diagonals and the
middle, and of different widths and heights, so that every way to misread a box gives other numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from trackbench.testing.colour_clips import blue, red, twins, twins_grey, twins_turned
from trackbench.testing.drawing import FRAMES, SIDE, Clip, drawn, ground, moving, path, texture

EASY = ("one", "two", "three")
"""Grey, whole pixels, the target always in sight."""
ROBUST = ("edge", "gone", "tiny", "whole", "single")
"""Hard videos, as real ones are: a tracker may lose its target in them, and must not stop."""


@cache
def clip(name: str) -> Clip:
    """Return the video of a name, which must not be written into.

    Raises:
        KeyError: there is none.
    """
    return _MADE[name](name)


def _still(name: str) -> Clip:
    boxes = np.tile([64.0, 14.0, 18.0, 30.0], (FRAMES // 2, 1))
    frames = drawn(boxes, texture((18, 30), 5), 5)
    return Clip(name, "a target that stands still", frames, boxes)


def _fraction(name: str) -> Clip:
    """Positions between pixels: drawn four times as large, and averaged."""
    boxes = np.empty((FRAMES, 4))
    places = np.rint(4 * (path((70, 34), (9, 9), 6) - 10)) / 4
    boxes[:, :2] = np.where(places % 1 == 0, places + 0.5, places)
    boxes[:, 2:] = 20.5, 26.75
    pattern = np.kron(texture((21, 27), 6), np.ones((4, 4)))[:107, :82]
    frames = np.empty((FRAMES, SIDE, SIDE), np.uint8)
    below = np.kron(ground(6), np.ones((4, 4)))
    for frame, box in zip(frames, (4 * boxes).astype(int), strict=True):
        fine = below.copy()
        fine[box[1] : box[1] + 107, box[0] : box[0] + 82] = pattern
        frame[:] = np.rint(fine.reshape(SIDE, 4, SIDE, 4).mean(axis=(1, 3)))
    return Clip(name, "a target that moves by quarters of a pixel", frames, boxes)


def _edge(name: str) -> Clip:
    return moving(name, "a target that half leaves the frame", (24, 20), (86, 30), (16, 9), 7)


def _gone(name: str) -> Clip:
    """Not one pixel differs from the others while the target is away."""
    made = moving(name, "a target that is away for ten frames", (22, 26), (70, 30), (9, 9), 8)
    frames = made.frames.copy()
    frames[12:22] = 0
    return Clip(name, made.words, frames, made.boxes)


def _single(name: str) -> Clip:
    made = clip("one")
    return Clip(name, "a video of one frame", made.frames[:1], made.boxes[:1])


_MADE: dict[str, Callable[[str], Clip]] = {
    "one": lambda name: moving(name, "an easy video", (20, 30), (72, 29), (12, 10), 1),
    "two": lambda name: moving(name, "an easy video", (32, 19), (29, 68), (10, 13), 2),
    "three": lambda name: moving(name, "an easy video", (30, 18), (74, 42), (10, 9), 3),
    "alike": lambda name: moving(name, "an easy video", (32, 19), (66, 31), (10, 9), 4),
    "still": _still,
    "fraction": _fraction,
    "edge": _edge,
    "gone": _gone,
    "tiny": lambda name: moving(name, "a target of 4 x 3 pixels", (4, 3), (70, 30), (6, 5), 9),
    "whole": lambda name: moving(
        name, "a target as large as the frame", (96, 94), (50, 50), (2, 2), 10
    ),
    "single": _single,
    "red": red,
    "blue": blue,
    "twins": twins,
    "twins-turned": twins_turned,
    "twins-grey": twins_grey,
}
