"""What is published: the committed fingerprints, and which digits go where."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from factor_levels import levels_of, one_of_each
from numpy.typing import NDArray

import trackbench.datasets
from trackbench import ids
from trackbench.contracts import DatasetSpec
from trackbench.datasets import clutter, digits
from trackbench.datasets.catalogue import DATASETS, ENDLESS, FACTOR_SUITES, SUITES
from trackbench.datasets.digits import Digits
from trackbench.datasets.moving_mnist import MovingMnistParameters, Shape
from trackbench.factor_contract import FactorSuite
from trackbench.plugins import registry
from trackbench.plugins.fingerprints import dataset_fingerprint
from trackbench.plugins.start_noise import NoisySpec, noisy_id

PUBLISHED = [spec for spec in DATASETS if spec.fingerprint is not None]
LEVELS = levels_of(FACTOR_SUITES)
ONE_OF_EACH = one_of_each(FACTOR_SUITES)
"""trackbench verify holds all of them."""
SLOW = {"scenes-v1", "scenes-valid-v1", *LEVELS}
NOISY = {spec.id: spec for spec in DATASETS if isinstance(spec, NoisySpec)}
MNIST = [spec for spec in DATASETS if isinstance(spec.generator, MovingMnistParameters)]


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(spec, id=spec.id, marks=pytest.mark.thorough if spec.id in SLOW else ())
        for spec in PUBLISHED
        if spec.id not in LEVELS - ONE_OF_EACH
    ],
)
def test_the_fingerprint_of_what_is_made_is_the_committed_one(spec: DatasetSpec) -> None:
    path = Path(trackbench.datasets.__file__).parent / "data" / "fingerprints.json"
    committed = json.loads(path.read_text(encoding="utf-8"))
    assert dataset_fingerprint(registry.build_dataset(spec)) == committed[spec.id]
    assert spec.fingerprint == committed[spec.id]


def test_every_committed_fingerprint_is_that_of_a_data_set_and_all_differ() -> None:
    path = Path(trackbench.datasets.__file__).parent / "data" / "fingerprints.json"
    committed = json.loads(path.read_text(encoding="utf-8"))
    assert committed.keys() == {spec.id for spec in PUBLISHED} >= {spec.id for spec in MNIST}
    assert len(set(committed.values())) == len(PUBLISHED)


@pytest.mark.parametrize("spec", [*DATASETS, *SUITES, *FACTOR_SUITES], ids=lambda spec: spec.id)
def test_an_id_is_a_name_with_a_version_and_parses(spec: DatasetSpec) -> None:
    parsed = ids.parse(spec.id)
    assert parsed.version is not None
    assert str(parsed) == spec.id


def test_data_sets_and_suites_are_found_by_their_entry_points() -> None:
    assert [registry.datasets().get(spec.id) for spec in DATASETS] == list(DATASETS)
    assert [registry.suites().get(suite.id) for suite in SUITES] == list(SUITES)
    assert [registry.factor_suites().get(suite.id) for suite in FACTOR_SUITES] == [*FACTOR_SUITES]


def test_no_two_data_sets_that_are_drawn_share_a_seed() -> None:
    assert len({spec.seed for spec in MNIST}) == len(MNIST)


@pytest.mark.parametrize("suite", FACTOR_SUITES, ids=lambda suite: suite.id)
def test_the_levels_of_a_factor_suite_differ_from_its_base_in_one_parameter(
    suite: FactorSuite,
) -> None:
    known = {spec.id: spec for spec in DATASETS}
    base = known[suite.base]
    *of_generator, first_box = suite.factors
    for factor in of_generator:
        field = factor.name.replace(" ", "_")
        assert len(factor.levels) == 4
        for level in factor.levels:
            twin = known[level.dataset]
            generator = replace(base.generator, **{field: level.value})
            assert twin.generator == generator
            assert (twin.seed, twin.sequences, twin.length) == (
                base.seed,
                base.sequences,
                base.length,
            )
        assert suite.base_level(factor).value == getattr(base.generator, field)
    assert suite.base_level(first_box).value == 1
    for level in first_box.levels[:-1]:
        noisy = NOISY[level.dataset]
        assert (noisy.base, noisy.iou) == (base, level.value)
        assert level.dataset == noisy_id(base.id, level.value)


def test_suites_are_of_existing_data_sets_sequences_and_lengths() -> None:
    known = {spec.id: spec for spec in DATASETS}
    for suite in SUITES:
        assert len(set(suite.datasets)) == len(suite.datasets)
        assert list(suite.lengths) == sorted(set(suite.lengths))
        for name in suite.datasets:
            assert known[name].split == "test"
            assert 1 <= (suite.sequences_of(name) or 1) <= known[name].sequences
            assert 1 <= suite.lengths[0] <= suite.lengths[-1] <= known[name].length


def test_the_suites_are_those_of_the_paper_of_factors_and_small_ones() -> None:
    sizes = {suite.id: (len(suite.datasets), suite.sequences, suite.lengths) for suite in SUITES}
    assert sizes == {
        "paper-v1": (4, 500, (20, 40, 80, 160)),
        "smoke-v1": (4, 8, (20, 40)),
        "all-v1": (4, 500, (20, 40, 80, 160)),
        "all-v2": (90, None, (20, 40, 80, 160)),
        "factors-v1": (86, 40, (160,)),
        "diagnose-smoke-v1": (37, 40, (80,)),
        "scenes-smoke-v1": (4, 2, (20, 40)),
    }


def test_the_data_sets_are_those_of_the_paper_and_streams_to_train_on() -> None:
    found = {
        spec.id: (spec.split, spec.generator.shape, spec.generator.objects, spec.sequences)
        for spec in MNIST
    }
    assert found == {
        "mnist-single-same-v1": ("test", Shape.DIGIT, 1, 500),
        "mnist-single-diff-v1": ("test", Shape.PAIR, 1, 500),
        "mnist-multi-same-v1": ("test", Shape.DIGIT, 2, 500),
        "mnist-multi-diff-v1": ("test", Shape.PAIR, 2, 500),
        "mnist-train-single-v1": ("train", Shape.DIGIT, 1, ENDLESS),
        "mnist-train-multi-v1": ("train", Shape.DIGIT, 2, ENDLESS),
        "mnist-valid-single-v1": ("validation", Shape.DIGIT, 1, 500),
        "mnist-valid-multi-v1": ("validation", Shape.DIGIT, 2, 500),
    }
    assert {spec.length for spec in MNIST} == {160}


@pytest.mark.parametrize("spec", MNIST, ids=lambda spec: spec.id)
def test_a_data_set_is_made_of_the_digits_of_its_split_alone(
    spec: DatasetSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the clutter, too. A split that is not asked for cannot have been used."""
    asked = set()
    load = digits.load

    def noting(split: Digits) -> NDArray:
        asked.add(split)
        return load(split)

    monkeypatch.setattr(digits, "load", noting)
    clutter.clutter_image.cache_clear()
    dataset = registry.build_dataset(spec)
    for index in (0, 1, spec.sequences - 1):
        dataset.sequence(index, 2)
    expected = {"test": Digits.TEST, "train": Digits.TRAIN, "validation": Digits.VALIDATION}
    assert asked == {expected[spec.split]} == {spec.generator.digits}
    assert spec.source_sha256 == spec.generator.digits.sha256
