"""The built-in data sets and suites. What is published here never changes: a change is a -v2.

Every data set has a fingerprint, checked by ``trackbench verify``.
"""

from __future__ import annotations

from trackbench.contracts import DatasetSpec, Suite
from trackbench.datasets.clutter import ClutterParameters
from trackbench.datasets.digits import Digits
from trackbench.datasets.fingerprint_file import FINGERPRINTS
from trackbench.datasets.mnist_factors.catalogue import MNIST_FACTORS
from trackbench.datasets.moving_mnist import MovingMnistParameters, Shape
from trackbench.datasets.scenes.catalogue import SCENES
from trackbench.datasets.scenes.catalogue import VALIDATION as SCENES_VALIDATION
from trackbench.factor_contract import FactorSuite
from trackbench.printing.amounts import counted

ENDLESS = 2**40
"""Sequences of a training stream: more than can be drawn."""


def _test_set(name: str, seed: int, shape: Shape, objects: int) -> DatasetSpec:
    what = "MNIST-2 pair of digits" if shape is Shape.PAIR else "digit"
    many = "one" if objects == 1 else "the upper of two: a"
    return DatasetSpec(
        id=f"mnist-{name}-v1",
        factory="trackbench.datasets.moving_mnist:MovingMnist",
        seed=seed,
        sequences=500,
        length=160,
        generator=MovingMnistParameters(digits=Digits.TEST, shape=shape, objects=objects),
        source="MNIST test images",
        source_sha256=Digits.TEST.sha256,
        fingerprint=FINGERPRINTS[f"mnist-{name}-v1"],
        description=f"cluttered moving MNIST, {many} {what}",
    )


def _stream(name: str, seed: int, digits: Digits, objects: int) -> DatasetSpec:
    held_out = digits is Digits.VALIDATION
    what = counted(objects, "moving digit")
    return DatasetSpec(
        id=f"mnist-{name}-v1",
        factory="trackbench.datasets.moving_mnist:MovingMnist",
        seed=seed,
        sequences=500 if held_out else ENDLESS,
        length=160,
        generator=MovingMnistParameters(
            digits=digits,
            shape=Shape.DIGIT,
            objects=objects,
            clutter=ClutterParameters(images=256 if held_out else 2048),
        ),
        source="MNIST training images " + ("55,000 to 59,999" if held_out else "0 to 54,999"),
        source_sha256=digits.sha256,
        fingerprint=FINGERPRINTS[f"mnist-{name}-v1"],
        split="validation" if held_out else "train",
        description=f"videos of {what}, for {'validation' if held_out else 'training'}",
    )


DATASETS: tuple[DatasetSpec, ...] = (
    _test_set("single-same", 1511_06425_01, Shape.DIGIT, 1),
    _test_set("single-diff", 1511_06425_02, Shape.PAIR, 1),
    _test_set("multi-same", 1511_06425_03, Shape.DIGIT, 2),
    _test_set("multi-diff", 1511_06425_04, Shape.PAIR, 2),
    _stream("train-single", 1511_06425_11, Digits.TRAIN, 1),
    _stream("train-multi", 1511_06425_12, Digits.TRAIN, 2),
    _stream("valid-single", 1511_06425_21, Digits.VALIDATION, 1),
    _stream("valid-multi", 1511_06425_22, Digits.VALIDATION, 2),
    *MNIST_FACTORS.datasets,
    *SCENES.datasets,
    SCENES_VALIDATION,
)

FACTOR_SUITES: tuple[FactorSuite, ...] = (MNIST_FACTORS.suite, SCENES.suite)

_PAPER = tuple(
    f"mnist-{name}-v1" for name in ("single-same", "single-diff", "multi-same", "multi-diff")
)

SUITES: tuple[Suite, ...] = (
    Suite(
        id="paper-v1",
        datasets=_PAPER,
        sequences=500,
        lengths=(20, 40, 80, 160),
        description="Tables 1-4 of arXiv 1511.06425: four data sets, 500 sequences, four lengths",
    ),
    Suite(
        id="smoke-v1",
        datasets=_PAPER,
        sequences=8,
        lengths=(20, 40),
        description="seconds to run: the same four data sets, 8 sequences of 40 frames",
    ),
    Suite(
        id="all-v1",
        datasets=_PAPER,
        sequences=500,
        lengths=(20, 40, 80, 160),
        description="the paper's suite, once all that was built in",
        superseded_by="all-v2",
    ),
    Suite(
        id="all-v2",
        datasets=(*_PAPER, *MNIST_FACTORS.suite.datasets, *SCENES.suite.datasets),
        sequences_each=(
            *(500 for _ in _PAPER),
            *(40 for _ in MNIST_FACTORS.suite.datasets),
            *(16 for _ in SCENES.suite.datasets),
        ),
        lengths=(20, 40, 80, 160),
        description="the paper's suite; 40 sequences of each level of mnist-factors, 16 of scenes",
    ),
    Suite(
        id="factors-v1",
        datasets=(*MNIST_FACTORS.suite.datasets, *SCENES.suite.datasets),
        sequences=40,
        lengths=(160,),
        description="digits and scenes, and all their twins: 40 sequences of 160 frames a level",
    ),
    Suite(
        id="diagnose-smoke-v1",
        datasets=MNIST_FACTORS.suite.datasets,
        sequences=40,
        lengths=(80,),
        description="minutes to run: digits and all their twins, 40 sequences of 80 frames a level",
    ),
    Suite(
        id="scenes-smoke-v1",
        datasets=(
            "scenes-v1",
            "scenes-speed-12-v1",
            "scenes-occluders-150-v1",
            "scenes-twins-4-v1",
        ),
        sequences=2,
        lengths=(20, 40),
        description="seconds to run: scenes and three twins, 2 sequences of 40 frames",
    ),
)
