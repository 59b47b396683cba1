"""What holds for every registered tracker; one more is tested by being there."""

from typing import Any

import pytest

from trackbench.contracts import TrackerSpec
from trackbench.plugins import registry
from trackbench.testing import check_tracker

TRACKERS = list(registry.trackers())
IN_EVERY_RUN_OF_TESTS = {"static-v1", "kcf-v1"}
"""The others take one to seven seconds each, nearly all in OpenCV or in importing torch."""


def marked(spec: TrackerSpec) -> Any:
    marks = [] if spec.id in IN_EVERY_RUN_OF_TESTS else [pytest.mark.thorough]
    if spec.factory == "trackbench.trackers.learned:learned":
        marks.append(pytest.mark.needs_torch)
    return pytest.param(spec, marks=marks)


@pytest.mark.parametrize("spec", [*map(marked, TRACKERS)], ids=lambda spec: spec.id)
def test_it_keeps_the_contract(spec: TrackerSpec) -> None:
    check_tracker(spec, frames=0).raise_if_wrong()


@pytest.mark.parametrize("spec", TRACKERS, ids=lambda spec: spec.id)
def test_it_says_what_it_is(spec: TrackerSpec) -> None:
    assert spec.id.rpartition("-v")[2].isdigit()
    assert spec.description
    assert "\n" not in spec.description
    assert spec.reference
