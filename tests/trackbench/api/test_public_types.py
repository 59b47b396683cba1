"""What public functions return can be named by who calls them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import trackbench
from trackbench import testing

OF_OTHERS = frozenset({"Callable", "FactoryT", "NDArray", "None", "float64", "list", "np", "str"})
"""Python's and NumPy's, and the class that a decorator returns as it was."""


def functions() -> Iterator[Any]:
    """Yield every public function of the library."""
    for module in (trackbench, testing):
        for name in module.__all__:
            if inspect.isfunction(found := getattr(module, name)):
                yield pytest.param(found, id=name)


@pytest.mark.parametrize("function", list(functions()))
def test_what_a_function_returns_is_public(function: Callable[..., Any]) -> None:
    returned = str(inspect.signature(function).return_annotation)
    names = set(re.findall(r"[A-Za-z_]\w*", returned)) - OF_OTHERS
    assert names <= {*trackbench.__all__, *testing.__all__}


@pytest.mark.parametrize("name", ["Verified", "FailedSequence", "Spoiled", "NoBox", "PolygonBox"])
def test_so_is_what_is_in_it_or_needed_to_call_it(name: str) -> None:
    assert name in trackbench.__all__
    assert getattr(trackbench, name).__name__ == name


def test_progress_of_a_check_is_public() -> None:
    taken = inspect.signature(testing.check_tracker).parameters["progress"].annotation
    assert taken == f"Callable[[{testing.Stage.__name__}], None] | None"
