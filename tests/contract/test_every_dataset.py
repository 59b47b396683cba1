"""What holds for every registered data set and suite."""

import numpy as np
import pytest

from trackbench import registry
from trackbench.contracts import DatasetSpec, Suite
from trackbench.metrics import mask_iou, valid


@pytest.mark.parametrize("spec", list(registry.datasets()), ids=lambda spec: spec.id)
def test_a_sequence_keeps_the_contract(spec: DatasetSpec) -> None:
    dataset = registry.build_dataset(spec)
    whole = dataset.sequence(1)
    assert whole.frames.dtype == np.uint8
    assert len(whole) == len(whole.boxes) == spec.length
    assert whole.boxes.dtype == np.float64
    assert valid(whole.boxes).all()
    height, width = whole.frames.shape[1:3]
    assert (mask_iou(whole.boxes, whole.boxes, (height, width)) == 1).all()
    assert all(values.shape == (spec.length,) for values in whole.attributes.values())
    short = dataset.sequence(1, 3)
    assert short.frames.tobytes() == whole.frames[:3].tobytes()
    assert short.boxes.tobytes() == whole.boxes[:3].tobytes()
    for name, values in short.attributes.items():
        np.testing.assert_array_equal(values, whole.attributes[name][:3])


@pytest.mark.parametrize("spec", list(registry.datasets()), ids=lambda spec: spec.id)
def test_what_is_not_there_is_refused(spec: DatasetSpec) -> None:
    dataset = registry.build_dataset(spec)
    for index in (-1, spec.sequences):
        with pytest.raises(IndexError):
            dataset.sequence(index)
    for length in (0, spec.length + 1):
        with pytest.raises(ValueError, match=str(length)):
            dataset.sequence(0, length)


@pytest.mark.parametrize("suite", list(registry.suites()), ids=lambda suite: suite.id)
def test_a_suite_asks_for_what_its_data_sets_have(suite: Suite) -> None:
    specs = [registry.datasets().get(dataset) for dataset in suite.datasets]
    assert specs
    assert list(suite.lengths) == sorted(set(suite.lengths))
    assert all(max(suite.lengths) <= spec.length for spec in specs)
    assert all((suite.sequences or 1) <= spec.sequences for spec in specs)
