"""How far an object reaches in a frame, so that no pixel is drawn where nothing of it can be.

What is found here only saves time: it may be too large, but never too small.
"""

from __future__ import annotations

import math

from trackbench.datasets.scenes.look import LEVELS, SIDE, Look
from trackbench.datasets.scenes.poses import ONE, REACH, Pose

_TEXEL = 2 / SIDE
"""Of half the look's side, which is 1 here."""

Extent = tuple[int, int, int, int]
"""Rows from and to, columns from and to, in pixels from the one that an object's middle is in."""


def extent(look: Look, at: Pose) -> Extent:
    """Return a rectangle that surely holds all of an object, at most the pose's own square.

    A pixel at a place q of the look (half its side is 1) shows what is at q + B(q), where B are the
    bends, of second degree. What lies farthest in a direction there is where the shape does, or
    beyond it by what -B comes to in that direction, which is the square of the distance times the
    larger eigenvalue of its matrix, at most.
    """
    whole = (-at.half, at.half, -at.half, at.half)
    a, b, c, d = (bend / 256 for bend in at.bends)
    bent = math.hypot((abs(a) + math.hypot(a, b)) / 2, (abs(c) + math.hypot(c, d)) / 2)
    # Beyond the shape there is a rim of half opacity, and texels are for what is rounded.
    rim = 128 / (at.sharpness * LEVELS * SIDE // 2) + 2 * _TEXEL
    shown = look.radius + rim
    # At a radius r a texel at r - bent * r * r or farther is seen: this is the smallest r where
    # that is beyond the shape. Where bends are so strong that a larger one shows it again, nothing
    # is said.
    root = 1 - 4 * bent * shown
    if root <= 0 or 1 + math.sqrt(root) < 2 * bent * (REACH + 2 * _TEXEL):
        return whole
    square = (2 * shown / (1 + math.sqrt(root))) ** 2
    texels = math.hypot(at.across, at.along)
    cosine, sine = at.across / texels, at.along / texels
    pixels = SIDE / 2 * ONE / texels
    ends = []
    for u, v in ((sine, -cosine), (-sine, cosine), (-cosine, -sine), (cosine, sine)):
        one, other, both = c * v, a * u, b * u + d * v
        beyond = (math.hypot(one - other, both) - one - other) / 2
        reach = look.reach.towards(u, v) + rim + square * max(beyond, 0.0)
        ends.append(min(math.ceil(reach * pixels) + 2, at.half))
    up, down, left, right = ends
    return -up, down, -left, right
