"""What results say was spoiled, which a command makes an exit code of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.api.worst import WorstSequence, worst_sequence
from trackbench.results.chunks import Failure, FailureKind

StoreIou = Callable[..., Path]
KNOWN = "mnist-single-same-v1"


def spoiled(store_iou: StoreIou, *failures: Failure) -> Any:
    path = store_iou("r", {"mine-v1": {"d-v1": np.full((9, 4), 0.5)}}, failures=failures)
    return trackbench.Results.load(path).spoiled


def failure(sequence: int, kind: FailureKind = FailureKind.RAISED, message: str = "no") -> Failure:
    return Failure(sequence, 2, kind, message)


def test_nothing_was(store_iou: StoreIou) -> None:
    found = spoiled(store_iou)
    assert not found
    assert str(found) == ""


def test_failures_of_trackers_are_told_up_to_five(store_iou: StoreIou) -> None:
    found = spoiled(store_iou, *(failure(sequence, message="a\x1b[0m") for sequence in range(7)))
    assert found
    assert [each.sequence for each in found.failures] == list(range(7))
    lines = str(found).splitlines()
    assert lines[0] == r"failed: mine-v1 on d-v1 sequence 0, frame 2: a\x1b[0m"
    assert lines[5:] == [f"... and 2 more: see the records in {found.path}"]


def test_data_that_was_not_read_is_no_failure_of_the_tracker(store_iou: StoreIou) -> None:
    bad = [failure(sequence, FailureKind.DATA, "a.png is cut off") for sequence in (1, 2)]
    found = spoiled(store_iou, *bad)
    assert found
    assert (found.failures, found.unreadable) == ((), ("a.png is cut off",))
    assert str(found) == "not scored: a.png is cut off"


def test_what_was_not_imported_spoils_nothing(store_iou: StoreIou) -> None:
    assert not spoiled(store_iou, failure(1, FailureKind.MISSING))


@pytest.mark.parametrize("dataset", [KNOWN, "nobody-knows-it-v1"])
def test_the_worst_sequence_is_one_that_can_be_drawn(store_iou: StoreIou, dataset: str) -> None:
    iou = np.full((4, 3), 0.5)
    iou[2, 1:] = 0.25
    iou[3, 1] = 0.4
    path = store_iou("r", {"a-v1": {dataset: iou}, "b-v1": {dataset: iou / 2}})
    found = worst_sequence(trackbench.Results.load(path))
    wanted = WorstSequence("a-v1", KNOWN, 2, float(iou[2].mean()))
    assert found == (wanted if dataset == KNOWN else None)
