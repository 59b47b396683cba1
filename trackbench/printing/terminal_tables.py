"""Tables on a terminal of any width: no number is cut, no column vanishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from trackbench.printing.packing import packed

_FOLDS = (10_000, 40, 24, 16, 12)
_PADDING = 2


@dataclass(frozen=True)
class Column:
    """A column of a table on the terminal.

    Attributes:
        header, cells: what it says.
        left: whether it begins at the left; numbers end at the right.
        folds: whether names or words in it may take several lines; numbers may not.
    """

    header: str
    cells: Sequence[str]
    left: bool = False
    folds: bool = False

    def folded(self, width: int) -> Column:
        """Return it with lines of ``width`` characters at most, if it folds."""
        if not self.folds:
            return self
        header, *cells = ("\n".join(wrap(text, width)) for text in (self.header, *self.cells))
        return Column(header, cells, self.left, self.folds)

    @property
    def width(self) -> int:
        """How many cells of the terminal it takes."""
        lines = "\n".join([self.header, *self.cells]).split("\n")
        return max(map(cell_len, lines)) + _PADDING


def print_columns(
    console: Console, title: str, columns: Sequence[Column], styles: Sequence[str], keys: int = 1
) -> None:
    """Print a table, cut into as few parts as it takes to show every number whole.

    The first ``keys`` columns begin every part. One column that does not fit is wider than the
    terminal, which breaks the line itself.
    """
    console.print(Text(title, style="table.title"), soft_wrap=not console.is_terminal)
    folded = ([column.folded(width) for column in columns] for width in _FOLDS)
    cuts = [_parts(each, keys, console.width) for each in folded]
    # The first of those that fit in the fewest parts: nothing is folded more than that takes.
    for part in min(cuts, key=lambda parts: (_too_wide(parts, console.width), len(parts))):
        table = Table(box=None, width=_width(part))
        for column in part:
            table.add_column(
                Text(column.header), justify="left" if column.left else "right", no_wrap=True
            )
        for cells, style in zip(zip(*(c.cells for c in part), strict=True), styles, strict=True):
            table.add_row(*(Text(cell, style=style) for cell in cells))
        console.print(table, crop=False)


def _parts(columns: list[Column], keys: int, width: int) -> list[list[Column]]:
    """Cut columns into the fewest parts of a width, and those as alike in width as they can be."""
    fewest = len(_cut(columns, keys, width))
    if fewest == 1:
        return [columns]
    cuts = (_cut(columns, keys, narrower) for narrower in range(1, width + 1))
    return next(cut for cut in cuts if len(cut) == fewest)


def _cut(columns: list[Column], keys: int, width: int) -> list[list[Column]]:
    room = width - _width(columns[:keys])
    own = packed(columns[keys:], lambda column: column.width, room)
    return [[*columns[:keys], *part] for part in own]


def _too_wide(parts: list[list[Column]], width: int) -> int:
    return max(0, *(_width(part) - width for part in parts))


def _width(columns: list[Column]) -> int:
    return sum(column.width for column in columns)
