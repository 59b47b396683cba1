"""What public toolkits return for made-up boxes: ``toolkit-scores.json.xz`` beside the tests.

129 sequences, 7 with runs from several starts, 10 with confidences, 4 with a region to ignore; each
number is what the named function of the toolkit returned at the commit that stands in the file,
unrounded and on its own scale (per cent for pytracking, ostrack and trackingnet). ``"nan"`` is NaN,
``raises`` an error, null alone None.
"""

import json
import lzma
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).parents[1] / "trackbench/metrics/toolkits/toolkit-scores.json.xz"


@cache
def toolkit_scores() -> dict[str, Any]:
    """Return the whole file."""
    found: dict[str, Any] = json.loads(lzma.decompress(FILE.read_bytes()))
    return found


def boxes(rows: list[list[Any]]) -> NDArray[np.float64]:
    """Return rows as (T, 4)."""
    return np.array([[number(value) for value in row] for row in rows]).reshape(-1, 4)


def number(value: Any) -> float:
    """Return a number of the file; what is None there is NaN."""
    return math.nan if value in ("nan", None) else float(value)


def numbers(wanted: dict[str, Any]) -> dict[str, float]:
    """Return the numbers of a block, without what is said beside them."""
    return {
        name: number(value)
        for name, value in wanted.items()
        if name not in ("raises", "n", "left_out", "counts")
    }


def groups(block: dict[str, Any]) -> Iterator[tuple[str, list[str], dict[str, Any]]]:
    """Yield each total of a block: its name, the ids of its sequences, and the numbers."""
    whole = toolkit_scores()
    every = [case["id"] for case in whole["cases"]]
    for name, wanted in block.items():
        if name == "plain":
            yield name, whole["groups"]["plain"], wanted
        else:
            left_out = wanted.get("left_out", [])
            yield name, [case for case in every if case not in left_out], wanted


def assert_same(found: dict[str, float], wanted: dict[str, float], atol: float, at: str) -> None:
    """Assert that every wanted number is found, NaN alike."""
    assert wanted
    for name, expected in wanted.items():
        same = math.isclose(found[name], expected, rel_tol=0, abs_tol=atol)
        assert same or (math.isnan(found[name]) and math.isnan(expected)), (
            f"{at}: {name} is {found[name]}, not {expected}"
        )
