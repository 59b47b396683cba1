"""What holds for every registered data set and suite."""

import pytest

from trackbench.contracts import DatasetSpec, Suite
from trackbench.metrics import mask_iou
from trackbench.plugins import registry
from trackbench.testing import check_dataset


@pytest.mark.parametrize("spec", list(registry.datasets()), ids=lambda spec: spec.id)
def test_it_keeps_the_contract(spec: DatasetSpec) -> None:
    check_dataset(spec, sequences=2).raise_if_wrong()


@pytest.mark.parametrize("spec", list(registry.datasets()), ids=lambda spec: spec.id)
def test_the_truth_against_itself_scores_one(spec: DatasetSpec) -> None:
    whole = registry.build_dataset(spec).sequence(1)
    height, width = whole.frames.shape[1:3]
    assert (mask_iou(whole.boxes, whole.boxes, (height, width)) == 1).all()


@pytest.mark.parametrize("suite", list(registry.suites()), ids=lambda suite: suite.id)
def test_a_suite_asks_for_what_its_data_sets_have(suite: Suite) -> None:
    specs = [registry.datasets().get(dataset) for dataset in suite.datasets]
    assert specs
    assert list(suite.lengths) == sorted(set(suite.lengths))
    assert all(max(suite.lengths) <= spec.length for spec in specs)
    assert all((suite.sequences or 1) <= spec.sequences for spec in specs)
