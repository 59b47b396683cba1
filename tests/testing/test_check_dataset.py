"""Each wrong data set is named for what is wrong with it."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from trackbench.errors import TrackbenchError
from trackbench.testing import check_dataset

sys.path.append(str(Path(__file__).parents[1] / "plugins"))
import masked
from wrong_datasets import SPEC, Alike, ByProcess, Right


@pytest.mark.parametrize("kind", [Right, *Right.__subclasses__()], ids=lambda kind: kind.__name__)
def test_a_wrong_data_set_is_named_for_that_alone(kind: type) -> None:
    found = check_dataset(replace(SPEC, factory=kind))
    # What depends on anything but spec and index does so in another process, too.
    names = {name for name in found.names if name != "elsewhere" or kind is ByProcess}
    assert names == (set() if kind is Right else {kind.__doc__})
    assert found.ok == (kind in {Right, Alike})


def test_one_that_is_built_is_checked_in_this_process() -> None:
    assert check_dataset(Right(SPEC)).names == ()
    assert check_dataset(ByProcess(SPEC)).names == ()


def test_masks_are_held_to_the_contract_one_by_one() -> None:
    assert check_dataset(masked.READ).names == ()
    wrong = check_dataset(masked.READ_WRONGLY)
    assert wrong.names == ("contract",)
    assert "mask 1 breaks the contract: it is bool (39, 44)" in wrong.points[0].what


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(TrackbenchError, match="at least 1"):
        check_dataset(SPEC, sequences=0)
    with pytest.raises(TrackbenchError, match="unknown data set"):
        check_dataset("nothing-like-it")
