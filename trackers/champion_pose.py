"""Where a target that turns and grows is, as an affine map, and how it goes on frame by frame."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST, _LEAST = 8.0, 1 / 8
"""Sizes over the first one that a target may come to."""


@dataclass(frozen=True)
class Pose:
    """An affine map from the target's own coordinates to the frame's.

    Attributes:
        linear: (2, 2), of (x, y) in samples of the target's looks from their middle, to pixels.
        centre: (2,) x, y of the middle, in pixels; 0 is the middle of the first pixel.
    """

    linear: Floats
    centre: Floats

    def stretch_and_turn(self) -> tuple[Floats, float]:
        """Return the symmetric (2, 2) matrix S and the angle whose turn R gives linear = S R."""
        a = self.linear
        angle = math.atan2(a[1, 0] - a[0, 1], a[0, 0] + a[1, 1])
        return a @ turn(angle).T, angle

    def reach(self, half: Floats) -> Floats:
        """Return (2,): how far samples up to ``half`` (2,) from the middle reach, in pixels."""
        reached: Floats = np.abs(self.linear) @ half
        return reached

    def sane(self, unit: float) -> bool:
        """Whether it is a map one may look through; ``unit``: pixels a sample at the first size."""
        if not (np.isfinite(self.linear).all() and np.isfinite(self.centre).all()):
            return False
        area = self.linear[0, 0] * self.linear[1, 1] - self.linear[0, 1] * self.linear[1, 0]
        return bool((_LEAST * unit) ** 2 < area < (_MOST * unit) ** 2)


def turn(angle: float) -> Floats:
    """Return the (2, 2) matrix of a turn by ``angle`` in radians."""
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array([[cosine, -sine], [sine, cosine]])


@dataclass(frozen=True)
class Course:
    """How the target moves: near constant velocity and rotation, and a size that changes slowly.

    Attributes:
        pose: of the last frame.
        velocity: (2,) pixels a frame.
        rotation: radians a frame.
        stretch: (2, 2) symmetric, the mean of the last frames': what sizes are drawn to.
        unit: pixels a sample at the first size.
    """

    pose: Pose
    velocity: Floats
    rotation: float
    stretch: Floats
    unit: float

    @classmethod
    def begun(cls, pose: Pose) -> Course:
        """Return the course of what has not been seen to move."""
        return cls(pose, np.zeros(2), 0.0, pose.linear, float(pose.linear[0, 0]))

    def expected(self) -> Pose:
        """Return where the target should be in the next frame."""
        stretch, angle = self.pose.stretch_and_turn()
        stretch = stretch + 0.05 * (self.stretch - stretch)
        return Pose(stretch @ turn(angle + self.rotation), self.pose.centre + self.velocity)

    def usual(self) -> Floats:
        """Return the linear part of the expected pose, but at the mean size: to search with."""
        return self.stretch @ turn(self.expected().stretch_and_turn()[1])

    def found(self, pose: Pose, sure: bool) -> Course:
        """Return the course after the target was found; ``sure``: its size may be learned from.

        A change of velocity by more than three samples is a bounce or a jump, and taken at once.
        """
        velocity = pose.centre - self.pose.centre
        if np.abs(velocity - self.velocity).max() < 3 * self.unit:
            velocity = self.velocity + 0.6 * (velocity - self.velocity)
        change = Pose(np.linalg.inv(self.pose.linear) @ pose.linear, np.zeros(2))
        rotation, stretch = self.rotation, self.stretch
        if np.abs(change.linear - np.eye(2)).max() < 0.2:
            rotation += 0.1 * (change.stretch_and_turn()[1] - rotation)
            if sure:
                stretch = stretch + 0.05 * (pose.stretch_and_turn()[0] - stretch)
        return Course(pose, velocity, rotation, stretch, self.unit)

    def hidden(self, size: tuple[int, int]) -> Course:
        """Return the course after the target was not found in a frame of ``size`` (w, h)."""
        centre = np.clip(self.pose.centre + self.velocity, 0, np.array(size) - 1.0)
        pose = Pose(self.pose.linear, centre)
        return Course(pose, 0.9 * self.velocity, self.rotation, self.stretch, self.unit)
