"""What is stored and left out is told by whichever function reads it, where it is asked to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench

RUNS = {f"{name}-v1": {"d-v1": np.full((60, 4), 0.5)} for name in "ab"}

Reader = Callable[..., object]
READERS: dict[str, Reader] = {
    "report": trackbench.report,
    "compare": lambda path, **options: trackbench.compare(["a", "b"], path, **options),
    "baseline": trackbench.baseline,
    "rescore": trackbench.rescore,
}


@pytest.mark.parametrize("name", READERS)
def test_it_is_told_once_and_only_to_who_asks(name: str, store_iou: Any) -> None:
    path: Path = store_iou("r", RUNS)
    store_iou("r", {"a-v1": RUNS["a-v1"]}, parameters={"reach": 8})  # of a version, one is shown
    left_out = trackbench.Results.load(path).left_out
    assert len(left_out) == 1
    told: list[str] = []
    READERS[name](path, tell=told.append)
    assert told == left_out
    READERS[name](trackbench.Results.load(path))
    assert told == left_out
