"""What holds for every registered data set and suite."""

from dataclasses import replace

import numpy as np
import pytest
from factor_levels import levels_of, one_of_each

from trackbench.contracts import DatasetSpec, Suite
from trackbench.factor_contract import FactorSuite
from trackbench.metrics import mask_iou
from trackbench.plugins import registry
from trackbench.testing import check_dataset

LEVELS = levels_of(registry.factor_suites())
ONE_OF_EACH = one_of_each(registry.factor_suites())
MADE_AS_A_BASE_IS = {"scenes-valid-v1", *LEVELS}
OTHERS_OF_ITS_KIND = {"mnist-train-single-v1", "mnist-train-multi-v1", "mnist-valid-multi-v1"}
SLOW = {"scenes-v1", *OTHERS_OF_ITS_KIND, *MADE_AS_A_BASE_IS}
EVERY = [
    # The levels of a factor are made alike: what is slow to hold of dozens is held of the last of
    # each, as are their fingerprints (tests/datasets/test_catalogue.py).
    pytest.param(spec, id=spec.id, marks=pytest.mark.thorough if spec.id in SLOW else ())
    for spec in registry.datasets()
    if spec.id not in LEVELS - ONE_OF_EACH
]


FEW_FRAMES = 24
FEW_SEQUENCES = 3
"""Of what is made as a base is, which is held to the contract whole."""


def as_long_as_needed(spec: DatasetSpec) -> DatasetSpec:
    if spec.id not in MADE_AS_A_BASE_IS:
        return spec
    return replace(spec, length=FEW_FRAMES, sequences=FEW_SEQUENCES, fingerprint=None)


@pytest.mark.parametrize("spec", EVERY)
def test_it_keeps_the_contract(spec: DatasetSpec) -> None:
    check_dataset(as_long_as_needed(spec), sequences=2).raise_if_wrong()


@pytest.mark.parametrize("spec", EVERY)
def test_the_truth_against_itself_scores_one(spec: DatasetSpec) -> None:
    whole = registry.build_dataset(as_long_as_needed(spec)).sequence(1)
    height, width = whole.frames.shape[1:3]
    there = np.ones(len(whole), np.bool_) if whole.absent is None else ~whole.absent
    assert (mask_iou(whole.boxes, whole.boxes, (height, width))[there] == 1).all()


@pytest.mark.parametrize("suite", list(registry.factor_suites()), ids=lambda suite: suite.id)
def test_a_factor_suite_is_of_data_sets_with_as_many_sequences_of_as_many_frames(
    suite: FactorSuite,
) -> None:
    specs = [registry.datasets().get(dataset) for dataset in suite.datasets]
    assert len({(spec.sequences, spec.length, spec.frames_each) for spec in specs}) == 1


@pytest.mark.parametrize("suite", list(registry.suites()), ids=lambda suite: suite.id)
def test_a_suite_asks_for_what_its_data_sets_have(suite: Suite) -> None:
    specs = [registry.datasets().get(dataset) for dataset in suite.datasets]
    assert specs
    assert list(suite.lengths) == sorted(set(suite.lengths))
    assert all(max(suite.lengths) <= spec.length for spec in specs)
    assert all(1 <= (suite.sequences_of(spec.id) or 1) <= spec.sequences for spec in specs)
    assert len(suite.sequences_each) in {0, len(specs)}
