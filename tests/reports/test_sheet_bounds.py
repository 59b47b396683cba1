from __future__ import annotations

import pytest

import trackbench
from trackbench.reports.picture_files import check_sheet


@pytest.mark.parametrize(
    ("name", "value", "bounds"),
    [("pictures", 0, "at least 1"), ("columns", -1, "at least 1"), ("zoom", 99, "from 1 to 20")],
)
def test_the_library_has_the_bounds_of_the_command_line(name: str, value: int, bounds: str) -> None:
    sheet: dict[str, int | None] = {"pictures": 20, "columns": None, "zoom": None, name: value}
    with pytest.raises(trackbench.TrackbenchError, match=f"^{name} must be {bounds}, not {value}$"):
        check_sheet(**sheet)  # type: ignore[arg-type]
