"""A tracker lives alone: the same bytes for any jobs, order and company, whatever it does."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trackbench.results.directory import Results

TRACKERS = [
    *("modulegenerator", "sharedgenerators", "counter", "wordorder", "wanderer", "strict"),
    *("closeseverything", "closesonce", "scribbler", "vandal", "threads", "remembers", "pool"),
]
RunTiny = Callable[..., Results]
BoxesOf = Callable[[Results], dict[tuple[str, str], Any]]


@pytest.mark.thorough
def test_the_same_bytes_for_any_jobs_order_and_company(
    run_tiny: RunTiny, boxes_of: BoxesOf
) -> None:
    together = run_tiny("selfish.py", TRACKERS, "together", jobs=2)
    turned = run_tiny(
        "selfish.py", TRACKERS[::-1], "turned", jobs=1, datasets=["tiny-other", "tiny"]
    )
    expected, found = boxes_of(together), boxes_of(turned)
    assert expected.keys() == found.keys()
    for key, boxes in expected.items():
        np.testing.assert_array_equal(found[key], boxes, err_msg=str(key))
    assert not [failure for run in together.runs for failure in run.record.failures]


@pytest.mark.thorough
def test_alone_it_answers_as_in_company(run_tiny: RunTiny, boxes_of: BoxesOf) -> None:
    company = boxes_of(run_tiny("selfish.py", [*TRACKERS[:4], "closesonce"], "company"))
    for tracker in ("counter", "closesonce", "wordorder", "sharedgenerators"):
        alone = boxes_of(run_tiny("selfish.py", [tracker], tracker, jobs=1))
        for key, boxes in alone.items():
            np.testing.assert_array_equal(company[key], boxes, err_msg=str(key))


@pytest.mark.thorough
def test_generators_that_everybody_shares_differ_from_unit_to_unit(
    run_tiny: RunTiny, boxes_of: BoxesOf
) -> None:
    boxes = boxes_of(run_tiny("selfish.py", ["sharedgenerators"]))
    steps = np.diff(boxes["sharedgenerators", "tiny-v1"][..., 0], axis=1)
    assert len(np.unique(steps.round(9))) == steps.size


@pytest.mark.thorough
def test_frames_are_as_they_were_made_for_whoever_comes_next(
    run_tiny: RunTiny, boxes_of: BoxesOf
) -> None:
    results = run_tiny("selfish.py", ["scribbler", "remembers"])
    alone = run_tiny("selfish.py", ["remembers"], "alone")
    np.testing.assert_array_equal(
        boxes_of(results)["remembers", "tiny-v1"], boxes_of(alone)["remembers", "tiny-v1"]
    )


@pytest.mark.thorough
@pytest.mark.needs_torch
def test_torch_set_up_by_a_tracker_is_as_new_in_the_next_unit(
    run_tiny: RunTiny, boxes_of: BoxesOf
) -> None:
    one = run_tiny("selfish_torch.py", ["setsdtype"], "one", jobs=1)
    two = run_tiny("selfish_torch.py", ["setsdtype"], "two", jobs=2, datasets=["tiny-other"])
    found, expected = boxes_of(two), boxes_of(one)
    key = "setsdtype", "tiny-other-v1"
    np.testing.assert_array_equal(found[key], expected[key])
    assert expected[key].std() > 0
