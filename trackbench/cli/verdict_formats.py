"""A regression check's verdict for people, pull requests, CI servers and programs."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from textwrap import wrap

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from trackbench.cli.console import output
from trackbench.cli.markdown import escape, markdown_table
from trackbench.reports.text import visible
from trackbench.verdict import CellCheck, Reason, Verdict

_HEADER = ("Data set", "Length", "Before", "After", "Difference", "p", "Verdict")
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
    parts = [columns[: keys + 1]]
    for column in columns[keys + 1 :]:
        if _width([*parts[-1], column]) <= width:
            parts[-1].append(column)
        else:
            parts.append([*columns[:keys], column])
    return parts


def _too_wide(parts: list[list[Column]], width: int) -> int:
    return max(0, *(_width(part) - width for part in parts))


def _width(columns: list[Column]) -> int:
    return sum(column.width for column in columns)


def print_verdict(verdict: Verdict) -> None:
    """Print a table a tracker and data set, the notes and the verdict to standard output."""
    console = output()
    for (tracker, dataset), grouped in groupby(verdict.cells, lambda c: (c.tracker, c.dataset)):
        cells = list(grouped)
        said = zip(*map(_row, cells), strict=True)
        columns = [
            Column(name, texts, left=name == "Verdict", folds=name == "Verdict")
            for name, texts in zip(_HEADER, said, strict=True)
        ]
        styles = ["bold red" if cell.regressed else "" for cell in cells]
        print_columns(console, visible(f"{tracker}, {dataset}"), columns[1:], styles)
    for note in verdict.notes:
        console.print(Text(visible(f"note: {note}")), soft_wrap=not console.is_terminal)
    style = "bold red" if verdict.regressed else "bold green"
    console.print(Text(_summary(verdict), style=style), soft_wrap=not console.is_terminal)


def verdict_markdown(verdict: Verdict) -> str:
    """Return the verdict, the cells that regressed, and all others folded away."""
    lines = [f"**trackbench check: {escape(_summary(verdict))}**", ""]
    if verdict.regressed:
        lines += [*_markdown_rows(verdict.regressed), ""]
    lines += [f"- {escape(note)}" for note in verdict.notes]
    lines += [""] if verdict.notes else []
    others = tuple(cell for cell in verdict.cells if not cell.regressed)
    if others:
        lines += [f"<details><summary>{_cells(len(others))} passed</summary>", ""]
        lines += [*_markdown_rows(others), "", "</details>", ""]
    return "\n".join(lines)


def verdict_json(verdict: Verdict) -> str:
    """Return the verdict as one object with a record a cell; what is not there is null."""
    found = {
        "passed": not verdict.regressed,
        "limits": asdict(verdict.limits),
        "notes": verdict.notes,
        "cells": [_record(cell) for cell in verdict.cells],
    }
    return json.dumps(found, indent=1, allow_nan=False) + "\n"


def verdict_junit(verdict: Verdict) -> str:
    """Return JUnit XML with a test case a cell, in the form that CI servers read.

    It is ASCII, so that it is the same in every encoding; XML cannot hold control characters.
    """
    suite = ET.Element(
        "testsuite",
        name="trackbench check",
        tests=str(len(verdict.cells)),
        failures=str(len(verdict.regressed)),
        errors="0",
        skipped="0",
    )
    for cell in verdict.cells:
        name = visible(f"{cell.dataset}, length {cell.length}")
        case = ET.SubElement(suite, "testcase", classname=visible(cell.tracker), name=name)
        if cell.regressed:
            message = "; ".join(reason.value for reason in cell.reasons)
            ET.SubElement(case, "failure", message=message).text = "\n".join(
                [f"score {cell.before:.4f} to {cell.after:.4f}, p {cell.p:.2g}", *_said(cell)]
            )
    if verdict.notes:
        ET.SubElement(suite, "system-out").text = "\n".join(map(visible, verdict.notes))
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites, " ")
    return str(ET.tostring(suites, encoding="us-ascii"), "ascii") + "\n"


def _summary(verdict: Verdict) -> str:
    if not verdict.regressed:
        return f"no regression in {_cells(len(verdict.cells))}"
    return f"{len(verdict.regressed)} of {_cells(len(verdict.cells))} regressed"


def _cells(count: int) -> str:
    return f"{count} cell{'' if count == 1 else 's'}"


def _row(cell: CellCheck) -> list[str]:
    return [
        cell.dataset,
        str(cell.length),
        f"{cell.before:.3f}",
        f"{cell.after:.3f}",
        f"{cell.difference:+z.3f}",
        "< 0.001" if cell.p < 0.001 else f"{cell.p:.3f}",
        "; ".join(_said(cell)) or "ok",
    ]


def _said(cell: CellCheck) -> Iterator[str]:
    """Yield each reason, with what the columns of a table do not show."""
    for reason in cell.reasons:
        match reason:
            case Reason.SCORE:
                yield reason.value
            case Reason.FAILURES:
                yield f"{reason.value} ({cell.failures[0]} to {cell.failures[1]})"
            case Reason.INVALID:
                yield f"{reason.value} ({cell.invalid[0]} to {cell.invalid[1]})"
            case Reason.SPEED:
                yield f"{reason.value} ({cell.fps[0]:,.4g} to {cell.fps[1]:,.4g} frames/s)"


def _markdown_rows(cells: tuple[CellCheck, ...]) -> list[str]:
    return markdown_table(
        ("Tracker", *_HEADER), [[c.tracker, *_row(c)] for c in cells], text={0, 1, 7}
    )


def _record(cell: CellCheck) -> dict[str, object]:
    record = asdict(cell)
    record["reasons"] = [reason.value for reason in cell.reasons]
    record["fps"] = [None if math.isnan(fps) else fps for fps in cell.fps]
    return {**record, "difference": cell.difference, "regressed": cell.regressed}
