"""Every number that a public function takes is held to its bounds, in a line that names it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench import testing
from trackbench.errors import TrackbenchError

HUGE = 10**30
BAD: tuple[Any, ...] = (0, -1, 0.5, True, "many", float("nan"), HUGE, None, object(), {"a": 1})
"""Whatever a parameter is, most of these are wrong for it."""

REQUIRED: dict[str, tuple[Any, ...]] = {
    "bisect": ("HEAD~1..HEAD", "mine.py:Mine"),
    "boxes_of_rows": (np.ones((1, 4)), Path("boxes.txt")),
    "check": ("results", "baseline.json"),
    "check_dataset": ("mnist-single-same",),
    "check_tracker": ("static",),
    "draw": ("results",),
    "export": ("mnist-single-same", "got10k", "out"),
    "import_results": ("folder", "mnist-single-same"),
    "noisy_spec": (trackbench.registry.datasets().get("mnist-single-same"),),
    "open_videos": ("otb", "folder"),
    "read_numbers": (Path(), Path("numbers.txt")),
    "run": ("static",),
    "show": ("mnist-single-same", "out.png"),
    "train": ("rectracker-id",),
    "view": ("results",),
}
"""Arguments without which a function cannot be called."""

TAKEN: dict[str, tuple[Any, ...]] = {
    "bisect tolerance": (0, 0.5),
    "bisect alpha": (0.5,),
    "bisect timeout": (0.5, HUGE),
    "boxes_of_rows origin": (0, -1),
    "check tolerance": (0, 0.5),
    "check alpha": (0.5,),
    "check speed_tolerance": (0.5,),
    "check_tracker timeout": (0.5, HUGE),
    "check_tracker frames": (0,),
    "draw sequence": (0, "many"),  # a name
    "import_results origin": (0, -1, 0.5),
    "noisy_spec iou": (0.5,),
    "open_videos origin": (0,),
    "run init_noise": (0.5,),
    "run timeout": (0.5, HUGE),
    "show sequence": (0, "many"),
    "train seed": (0,),
    "train workers": (0,),
    "view port": (0,),
}
"""Which of them a parameter takes, beside None where its type says so."""


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every public function of the library."""
    for module in (trackbench, testing):
        for name in module.__all__:
            if inspect.isfunction(found := getattr(module, name)):
                yield name, found


def numbers_of(function: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    """Yield the parameters that are numbers, with the text of their types."""
    for parameter in inspect.signature(function).parameters.values():
        kind = re.sub(r"(Callable|Mapping)\[.*\]", "", str(parameter.annotation))
        if re.search(r"\b(int|float)\b", kind):
            yield parameter.name, kind


CASES = [
    pytest.param(name, function, parameter, kind, id=f"{name} {parameter}")
    for name, function in functions()
    for parameter, kind in numbers_of(function)
]


@pytest.mark.parametrize(("name", "function", "parameter", "kind"), CASES)
def test_a_number_beyond_its_bounds_is_refused_by_name(
    name: str,
    function: Callable[..., Any],
    parameter: str,
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    taken = TAKEN.get(f"{name} {parameter}", ())
    refused = [
        value
        for value in BAD
        if not (value is None and "None" in kind)
        and not any(
            value is each or (value == each and type(value) is type(each)) for each in taken
        )
    ]
    for value in refused:
        for given in [value, [value], (value, 2)] if "Sequence[" in kind else [value]:
            with pytest.raises(TrackbenchError) as error:
                function(*REQUIRED[name], **{parameter: given})
            said = str(error.value)
            assert re.match(rf"{parameter}\b", said), (given, said)
            assert len(said.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_what_is_listed_here_is_there() -> None:
    there = {f"{name} {parameter}" for name, f in functions() for parameter, _ in numbers_of(f)}
    assert TAKEN.keys() <= there
    assert {case.split()[0] for case in there} == REQUIRED.keys()
