from __future__ import annotations

import pytest

import trackbench
from trackbench.reports.picture_files import check_sheet


@pytest.mark.parametrize(("name", "value"), [("pictures", 0), ("columns", -1), ("zoom", 99)])
def test_the_library_has_the_bounds_of_the_command_line(name: str, value: int) -> None:
    sheet: dict[str, int | None] = {"pictures": 20, "columns": None, "zoom": None, name: value}
    with pytest.raises(trackbench.TrackbenchError, match=f"{name} must be at (least|most) "):
        check_sheet(**sheet)  # type: ignore[arg-type]
