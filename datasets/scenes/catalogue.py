"""``scenes-v1``: the base, the levels of its factors, and a set like the base to choose on."""

from __future__ import annotations

from dataclasses import replace

from trackbench.contracts import DatasetSpec
from trackbench.datasets.factor_levels import FactorData, Levels, factor_data
from trackbench.datasets.fingerprint_file import FINGERPRINTS
from trackbench.datasets.scenes.parameters import ScenesParameters

LEVELS = (
    Levels("background", (0, 1500, 4000, 9000), "small leaves behind"),
    Levels("camouflage", (0.0, 0.5, 0.75, 1.0), "share of the world's colours"),
    Levels("occluders", (0, 12, 60, 150), "leaves in front", "visibility"),
    Levels("speed", (1.5, 3.0, 6.0, 12.0), "pixels a frame", "speed"),
    Levels("camera", (0.0, 1.0, 4.0, 8.0), "pixels a frame", "camera"),
    Levels("scale", (1.0, 1.25, 1.5, 2.0), "largest size over the first", "scale"),
    Levels("rotation", (0.0, 0.5, 2.0, 4.0), "degrees a frame", "rotation"),
    Levels("deformation", (0.0, 0.1, 0.2, 0.3), "largest share of the radius", "deformation"),
    Levels("similar", (0, 1, 2, 4), "other shapes of the target's texture", "distractor_distance"),
    Levels("twins", (0, 1, 2, 4), "objects that look like the target", "twin_distance"),
    Levels("illumination", (0.0, 0.5, 0.75, 0.9), "largest share of light lost", "brightness"),
    Levels("blur", (0, 1, 2, 4), "frames for which the shutter is open"),
    Levels("noise", (0.0, 4.0, 16.0, 48.0), "levels"),
    Levels("resolution", (1, 2, 4, 8), "side of a sensor's pixel"),
    Levels("beyond", (0, 40, 80, 160), "pixels beyond the border", "visibility"),
)

_BASE = DatasetSpec(
    id="scenes-v1",
    factory="trackbench.datasets.scenes.dataset:Scenes",
    seed=1511_06425_41,
    sequences=100,
    length=160,
    generator=ScenesParameters(),
    source="drawn from the seed alone",
    fingerprint=FINGERPRINTS["scenes-v1"],
    chunk=25,
    description="a textured target in a world of dead leaves, and twins that differ in one factor",
)

VALIDATION = replace(
    _BASE,
    id="scenes-valid-v1",
    seed=1511_06425_42,
    fingerprint=FINGERPRINTS["scenes-valid-v1"],
    split="validation",
    description="as scenes-v1, of other targets in other worlds, for validation",
)

SCENES: FactorData = factor_data(_BASE, LEVELS, FINGERPRINTS)
