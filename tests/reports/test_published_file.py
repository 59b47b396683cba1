"""A file of printed numbers that was damaged is refused in one line, never shown as the paper's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trackbench.errors import DamagedFileError
from trackbench.reports.published_file import read_paper
from trackbench.reports.published_numbers import FOLDER

(SHIPPED,) = FOLDER.glob("*.json")


def damaged(folder: Path, change: Callable[[Any], None]) -> str:
    found = json.loads(SHIPPED.read_text(encoding="utf-8"))
    change(found)
    path = folder / "paper.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(DamagedFileError) as error:
        read_paper(path)
    assert str(path) in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("value", [None, True, "a", 7.5, -1, 10**299, [[]], {}, {"a": 1}])
@pytest.mark.parametrize(
    "place", ["tables", "cells", "tables.0", "cells.0", "tables.0.number", "tables.0.trackers"]
)
def test_any_other_kind_of_value_is_refused(tmp_path: Path, place: str, value: Any) -> None:
    def change(found: Any) -> None:
        *above, last = [int(key) if key.isdecimal() else key for key in place.split(".")]
        for key in above:
            found = found[key]
        found[last] = value

    assert len(damaged(tmp_path, change)) < len(str(tmp_path)) + 250


@pytest.mark.parametrize("field", ["tracker", "printed_as", "dataset", "length", "mean", "std"])
def test_a_cell_that_lacks_something_or_has_what_is_none(tmp_path: Path, field: str) -> None:
    assert "lacks" in damaged(tmp_path, lambda found: found["cells"][3].pop(field))
    for value in (None, True, [], {}):
        damaged(tmp_path, lambda found, v=value: found["cells"][3].update({field: v}))


@pytest.mark.parametrize(
    ("field", "value"), [("mean", 1.5), ("mean", -0.1), ("std", float("nan")), ("length", 20.0)]
)
def test_a_number_that_cannot_be_printed_so(tmp_path: Path, field: str, value: float) -> None:
    damaged(tmp_path, lambda found: found["cells"][3].update({field: value}))


def test_a_cell_that_is_there_twice(tmp_path: Path) -> None:
    assert "twice" in damaged(tmp_path, lambda found: found["cells"].append(found["cells"][0]))
