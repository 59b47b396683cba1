"""What determines the videos of ``mnist-factors``; what is a factor has the factor's name."""

from __future__ import annotations

from dataclasses import dataclass, field

from trackbench.datasets.clutter import ClutterParameters
from trackbench.datasets.digits import Digits


@dataclass(frozen=True)
class MnistFactorsParameters:
    """Everything but the seed that determines the videos.

    Attributes:
        background: patches of clutter on the canvas behind everything that moves.
        occluders: patches of clutter on the canvas in front of everything that moves.
        speed: mean speed of everything that moves, in pixels a frame.
        scale: the size wanders between ``1 / scale`` and ``scale``, from 1 in frame 0.
        contrast: factor of the target's intensity, and of its twins'.
        others: other digits that move behind the target.
        twins: digits that look like the target and move behind it.
        rotation: degrees that a digit turns in a frame, for all of the video in one direction.
        noise: standard deviation of the sensor's noise, in grey levels.
        interval: every ``interval``-th frame is shown.
        brightness: share of the brightness that the frames lose where they are darkest.
        digits: where the digits come from, those of the clutter included.
        canvas: side of a frame in pixels.
        margin: the centre of what moves stays so many pixels away from the border.
        drift: mean speed of the window onto the clutter, in pixels a frame.
        intensity: darkest and brightest digit, of 255, both included.
        clutter: the clutter images, with the most patches there can be.
    """

    background: int = 80
    occluders: int = 40
    speed: float = 2.0
    scale: float = 1.0
    contrast: float = 1.0
    others: int = 0
    twins: int = 0
    rotation: float = 0.0
    noise: float = 0.0
    interval: int = 1
    brightness: float = 0.0
    digits: Digits = Digits.TEST
    canvas: int = 100
    margin: int = 20
    drift: float = 0.5
    intensity: tuple[int, int] = (128, 255)
    clutter: ClutterParameters = field(default_factory=lambda: ClutterParameters(patches=640))
