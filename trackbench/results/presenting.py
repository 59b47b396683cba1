"""What results show of themselves: tables as text and as HTML, charts, and a short ``repr``.

Report formats make them, which are found as any other: by the registry.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.plugins.factories import resolve
from trackbench.printing.amounts import counted
from trackbench.report_contract import ChartKind, ReportOptions
from trackbench.results.cell import Cell
from trackbench.results.picture import Picture, PictureKind
from trackbench.results.shard_file import alone

if TYPE_CHECKING:
    import pandas as pd

    from trackbench.results.directory import Results

_ALWAYS = ("tracker", "dataset", "length", "mean", "std", "fps")
"""Columns that every table of cells has; the others only where they say something."""
_NOT_SAID = ("peak_memory",)
"""Columns that say something in nearly every table, and that hardly anybody asks for."""
_FPS_DIGITS = 4


def as_text(results: Results) -> str:
    """Return the tables that a terminal shows, or why there are none."""
    return _without_table(results) or _rendered(results, "text", ReportOptions())


def as_html(results: Results) -> str:
    """Return the tables as HTML, for a notebook."""
    from markupsafe import escape

    if said := _without_table(results):
        return f"<p>{escape(said)}</p>"
    return _rendered(results, "html-table", ReportOptions())


def in_a_line(results: Results) -> str:
    """Return where the results are, and how many trackers and data sets they are of."""
    trackers = counted(len(results.trackers), "tracker")
    return f"<Results {results.path}: {trackers} on {counted(len(results.datasets), 'data set')}>"


def plotted(results: Results, kind: ChartKind) -> Picture:
    """Return charts of one kind.

    Raises:
        TrackbenchError: nothing was run, or there is no chart of this kind.
    """
    if said := _without_table(results):
        raise TrackbenchError(said)
    text = _rendered(results, "svg", ReportOptions(charts=(kind,)))
    said = f"{kind.heading} of {', '.join(results.trackers)} on {', '.join(results.datasets)}"
    return Picture(text.encode(), PictureKind.SVG, said)


def as_frame(cells: list[Cell], *, every: bool) -> pd.DataFrame:
    """Return cells as a DataFrame; without ``every``, of few columns and those that say more.

    Few columns are as wide as a terminal, so that the speed has four digits in them.
    """
    import pandas as pd

    rows = [cell.row() for cell in cells]
    frame = pd.DataFrame(rows)
    if every or frame.empty:
        return frame
    usual: dict[str, object] = {field.name: field.default for field in fields(Cell)}
    usual["sequences"] = cells[0].sequences  # it says something where a cell has another number
    frame["fps"] = [float(f"{value:.{_FPS_DIGITS}g}") for value in frame["fps"]]
    said = [
        name
        for name in frame.columns
        if name in _ALWAYS
        or (name not in _NOT_SAID and any(_says(row[name], usual.get(name)) for row in rows))
    ]
    return frame[said]


def _says(value: object, usual: object) -> bool:
    """Whether a value is other than what most have; NaN is no number, and says nothing."""
    if value is None or value != value:  # noqa: PLR0124 - NaN alone is not itself
        return False
    return value not in (usual, 0)


def _without_table(results: Results) -> str | None:
    """Return what is to be said of results without a table; None: there is one."""
    if results.shard is not None:
        return alone(results.path, results.shard)
    return None if results.runs else f"{results.path}: nothing was run, so there is no table"


def _rendered(results: Results, form: str, options: ReportOptions) -> str:
    return str(resolve(registry.reports().get(form).factory)(results, options))
