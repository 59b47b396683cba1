"""Options that one function hands on to another are typed as that one's parameters are."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

import trackbench
from trackbench.api.run_options import RunOptions
from trackbench.results.picture import DrawOptions


@pytest.mark.parametrize(
    ("options", "function", "beside"),
    [
        (RunOptions, trackbench.run, ["trackers"]),
        (DrawOptions, trackbench.draw, ["results", "sequence"]),
    ],
)
def test_options_are_the_parameters(
    options: Any, function: Callable[..., Any], beside: list[str]
) -> None:
    taken = inspect.signature(function).parameters
    assert {name: given.__forward_arg__ for name, given in options.__annotations__.items()} == {
        name: each.annotation for name, each in taken.items() if name not in beside
    }
    assert list(taken)[: len(beside)] == beside
    assert options.__total__ is False


@pytest.mark.parametrize("function", [trackbench.run_file, trackbench.Results.show])
def test_no_public_function_takes_options_of_any_type(function: Callable[..., Any]) -> None:
    assert inspect.signature(function).parameters["options"].annotation.startswith("Unpack[")
