"""What holds for every registered tracker; one more is tested by being there."""

from typing import Any

import pytest

from trackbench.contracts import TrackerSpec
from trackbench.plugins import registry
from trackbench.testing import check_tracker

TRACKERS = list(registry.trackers())
SLOW = {"csrt-v1", "mil-v1", "tld-v1"}
"""Seven seconds each, nearly all in OpenCV, by the adapter of its quick ones."""
WITH_TORCH = {"rectracker-id-v1", "rectracker-att3-v1", "rectracker-att1-v1", "convtracker-v1"}
"""Six seconds each, nearly all in importing torch."""


def marked(spec: TrackerSpec) -> Any:
    marks = [pytest.mark.thorough] if spec.id in SLOW | WITH_TORCH else []
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
