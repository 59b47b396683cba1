"""Tables of the page, before anything is known of HTML."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from trackbench.printing.amounts import DASH
from trackbench.printing.packing import packed
from trackbench.reports.html.tracker_styles import Look
from trackbench.reports.summary_layout import MOST_COLUMNS


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
class HtmlTable:
    """One table; the first cell of a row is its heading.

    Attributes:
        caption: what it holds.
        heads: of the columns.
        rows: from top to bottom.
        groups: headings above the columns from the second on, and how many columns each spans.
        sortable: by a click on a column's heading.
        texts: how many columns, from the left, hold text and not numbers.
        kept: how many columns, from the left, stand in each of its :attr:`parts`.
        dataset: the only one that it is of, as the page names it; empty: of several.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    groups: tuple[tuple[str, int], ...] = ()
    sortable: bool = False
    texts: int = 1
    kept: int = 1
    dataset: str = ""

    @property
    def parts(self) -> tuple[HtmlTable, ...]:
        """The same as tables that a printed page has room for; empty: it has room for this one."""
        if len(self.heads) - self.kept <= MOST_COLUMNS:
            return ()
        parts = list(packed(self._groups, lambda group: len(group[1]), MOST_COLUMNS))
        return tuple(
            self._part(groups, f"{self.caption}, part {number} of {len(parts)}")
            for number, groups in enumerate(parts, 1)
        )

    @property
    def _groups(self) -> Iterator[tuple[str, range]]:
        """Yield what no part cuts, by name and columns: a group, or what a page has room for."""
        first = 1
        for name, span in self.groups or (("", 1),) * (len(self.heads) - 1):
            stop = first + span
            for start in range(max(first, self.kept), stop, MOST_COLUMNS):
                yield name, range(start, min(start + MOST_COLUMNS, stop))
            first = stop

    def _part(self, groups: list[tuple[str, range]], caption: str) -> HtmlTable:
        columns = [*range(self.kept), *(column for _, own in groups for column in own)]
        before = ((self.groups[0][0], self.kept - 1),) if self.groups and self.kept > 1 else ()
        return replace(
            self,
            caption=caption,
            heads=tuple(self.heads[column] for column in columns),
            rows=tuple(tuple(row[column] for column in columns) for row in self.rows),
            groups=(*before, *((name, len(own)) for name, own in groups)) if self.groups else (),
            sortable=False,
        )

    @property
    def begins(self) -> frozenset[int]:
        """Columns that a group begins with."""
        spans = [1, *(span for _, span in self.groups)]
        return frozenset(accumulate(spans[:-1])) if self.groups else frozenset()


def decimal(value: float, digits: int = 2) -> str:
    """Return a number with so many decimals, a dash for NaN."""
    return DASH if math.isnan(value) else f"{value:z.{digits}f}"


def named(look: Look) -> Cell:
    """Return a tracker's cell."""
    return Cell(look.name, look=look)
