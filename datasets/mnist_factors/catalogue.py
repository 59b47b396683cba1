"""``mnist-factors-v1``: the base, and the levels of its factors."""

from __future__ import annotations

from trackbench.contracts import DatasetSpec
from trackbench.datasets.factor_levels import FactorData, Levels, factor_data
from trackbench.datasets.fingerprint_file import FINGERPRINTS
from trackbench.datasets.mnist_factors.parameters import MnistFactorsParameters

LEVELS = (
    Levels("background", (0, 80, 320, 640), "patches of clutter behind"),
    Levels("occluders", (0, 40, 320, 640), "patches of clutter in front", "visibility"),
    Levels("speed", (1.0, 2.0, 4.0, 8.0), "pixels a frame", "speed"),
    Levels("scale", (1.0, 1.25, 1.5, 2.0), "largest size over the first", "scale"),
    Levels("contrast", (0.125, 0.25, 0.5, 1.0), "brightness of the target over the base's"),
    Levels("others", (0, 1, 2, 4), "other digits", "distractor_distance"),
    Levels("twins", (0, 1, 2, 4), "digits that look like the target", "twin_distance"),
    Levels("rotation", (0.0, 1.0, 2.0, 4.0), "degrees a frame", "rotation"),
    Levels("noise", (0.0, 32.0, 64.0, 128.0), "grey levels"),
    Levels("interval", (1, 2, 4, 8), "frames from one that is shown to the next", "speed"),
    Levels("brightness", (0.0, 0.5, 0.75, 0.9), "largest share of it that is lost", "brightness"),
)

_BASE = DatasetSpec(
    id="mnist-factors-v1",
    factory="trackbench.datasets.mnist_factors.dataset:MnistFactors",
    seed=1511_06425_31,
    sequences=200,
    length=160,
    generator=MnistFactorsParameters(),
    source="MNIST test images",
    source_sha256=MnistFactorsParameters().digits.sha256,
    fingerprint=FINGERPRINTS["mnist-factors-v1"],
    description="a digit of steady speed in clutter, and twins that differ in one factor",
)

MNIST_FACTORS: FactorData = factor_data(_BASE, LEVELS, FINGERPRINTS)
