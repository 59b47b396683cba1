"""Where the marks of an axis stand in a drawing."""

from __future__ import annotations

import pytest

from trackbench.reports.html.charts import Axis, Chart, Series
from trackbench.reports.html.label_placement import CHARACTER
from trackbench.reports.html.svg_layout import WIDTH, drawing
from trackbench.reports.html.tables import HtmlTable
from trackbench.reports.html.tracker_styles import MARKERS, Look


@pytest.mark.parametrize("last", ["1", "100k", "1,000,000"])
def test_the_last_mark_under_a_chart_of_dots_is_not_cut_off(last: str) -> None:
    """Its middle is at the end of the axis, and no name right of that makes room for it."""
    chart = Chart(
        id="speed",
        title="Speed",
        summary="",
        x=Axis("frames/s", 1, 100, ((1, "1"), (100, last))),
        y=Axis("mean IoU", 0, 1),
        series=(Series(Look("a-v1", "a-v1", "a-v1", 0, 0, MARKERS[0]), ((10.0, 0.5),)),),
        table=HtmlTable("", (), ()),
    )
    drawn = drawing(chart)
    x, text = drawn.x_marks[-1]
    assert text == last
    assert x + len(text) * CHARACTER / 2 <= WIDTH
