"""What determines the videos of ``scenes``; what is a factor has the factor's name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScenesParameters:
    """Everything but the seed that determines the videos.

    Attributes:
        background: small leaves of clutter in the world behind the target.
        camouflage: share of the target's colours that are the world's: 0 its own, 1 the world's.
        occluders: leaves in the layer in front of the target.
        speed: mean speed of the target in the frame, in pixels a frame.
        camera: mean speed of the camera, in pixels of the world a frame.
        scale: the target's size wanders between ``1 / scale`` and ``scale`` times its own.
        rotation: degrees that the target turns in a frame, for all of the video in one direction.
        deformation: how far the target is bent where it is bent most, as a share of its radius.
        similar: other shapes of the target's texture, which move behind it.
        twins: objects that look like the target, which move behind it.
        illumination: share of the light that is lost where it is darkest; its colour changes by
            half as much.
        blur: frames for which the shutter is open.
        noise: standard deviation of the sensor's noise, in levels.
        resolution: side of a sensor's pixel, in pixels.
        beyond: the target's centre may go so many pixels beyond the border.
        width: of a frame in pixels.
        height: of a frame in pixels.
        worlds: in the pool; a sequence takes one of them.
        diameter: of the square that the target's look is drawn on, in pixels at its own size; the
            target itself fills about two thirds of it.
    """

    background: int = 1500
    camouflage: float = 0.0
    occluders: int = 12
    speed: float = 3.0
    camera: float = 1.0
    scale: float = 1.25
    rotation: float = 0.5
    deformation: float = 0.1
    similar: int = 0
    twins: int = 0
    illumination: float = 0.0
    blur: int = 0
    noise: float = 4.0
    resolution: int = 1
    beyond: int = 0
    width: int = 320
    height: int = 240
    worlds: int = 12
    diameter: int = 84
