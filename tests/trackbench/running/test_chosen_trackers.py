"""Trackers as a caller gives them: one, or several in whatever gives one after another."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd
import pytest

from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.running.chosen_trackers import chosen_trackers, listed

STATIC = registry.trackers().get("static")


class Members(Enum):
    """A class that gives its members."""

    ONE = 1


@pytest.mark.parametrize("one", ["static", STATIC, Members, lambda: None])
def test_one_is_one(one: Any) -> None:
    assert listed(one) == [one]


@pytest.mark.parametrize(
    "several",
    [
        ["static"],
        ("static",),
        {"static"},
        {"static": 1}.keys(),
        deque(["static"]),
        np.array(["static"]),
        pd.Series(["static"]),
    ],
)
def test_several_are_several(several: Any) -> None:
    assert [spec.id for spec in chosen_trackers(listed(several))] == [STATIC.id]


def test_parameters_beside_names_are_not_left_out_without_a_word() -> None:
    given: Any = {"static": {"shift": 3}}
    with pytest.raises(TrackbenchError, match=r"^a dict is no tracker: give an id"):
        chosen_trackers(listed(given))
