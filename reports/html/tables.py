"""Tables of the page, before anything is known of HTML."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate

from trackbench.reports.entries import DASH
from trackbench.reports.html.looks import Look


@dataclass(frozen=True)
class Cell:
    """What stands in a cell.

    Attributes:
        text: the first line.
        notes: smaller lines under it.
        value: what the column is sorted by, if not by the text; NaN comes last.
        best: none in its column is better.
        look: of the tracker that it names.
    """

    text: str
    notes: tuple[str, ...] = ()
    value: float | None = None
    best: bool = False
    look: Look | None = None

    @property
    def key(self) -> str | None:
        """``value`` as an attribute; empty for NaN."""
        if self.value is None:
            return None
        return "" if math.isnan(self.value) else repr(float(self.value))


@dataclass(frozen=True)
class Table:
    """One table; the first cell of a row is its heading.

    Attributes:
        caption: what it holds.
        heads: of the columns.
        rows: from top to bottom.
        groups: headings above the columns from the second on, and how many columns each spans.
        sortable: by a click on a column's heading.
        texts: how many columns, from the left, hold text and not numbers.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    groups: tuple[tuple[str, int], ...] = ()
    sortable: bool = False
    texts: int = 1

    @property
    def begins(self) -> frozenset[int]:
        """Columns that a group begins with."""
        spans = [1, *(span for _, span in self.groups)]
        return frozenset(accumulate(spans[:-1])) if self.groups else frozenset()


def decimal(value: float, digits: int = 2) -> str:
    """Return a number with so many decimals, a dash for NaN."""
    return DASH if math.isnan(value) else f"{value:z.{digits}f}"


def rate(value: float) -> str:
    """Return frames/s with no more digits than anybody needs."""
    if math.isnan(value):
        return DASH
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def named(look: Look) -> Cell:
    """Return a tracker's cell."""
    return Cell(look.name, look=look)
