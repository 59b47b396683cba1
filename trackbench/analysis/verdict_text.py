"""A regression check's verdict for people, pull requests, CI servers and programs."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from trackbench.printing.amounts import counted
from trackbench.printing.markdown import escape, markdown_table
from trackbench.printing.terminal_tables import Column, print_columns
from trackbench.printing.text import visible
from trackbench.results.json_values import number_or_null

if TYPE_CHECKING:
    from trackbench.analysis.verdict import CellCheck, Verdict

_HEADER = ("Data set", "Length", "Before", "After", "Difference", "p", "Verdict")


def print_verdict(verdict: Verdict, console: Console, *, every: bool) -> None:
    """Print a table a tracker and data set, the notes and the verdict.

    Args:
        verdict: what to print.
        console: where to.
        every: print every cell, not only those that have regressed.
    """
    shown = verdict.cells if every else verdict.regressed
    for (tracker, dataset), grouped in groupby(shown, lambda c: (c.tracker, c.dataset)):
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
        lines += [f"<details><summary>{counted(len(others), 'cell')} passed</summary>", ""]
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
                [f"score {cell.before:.4f} to {cell.after:.4f}, p {cell.p:.2g}", *cell.said]
            )
    if verdict.notes:
        ET.SubElement(suite, "system-out").text = "\n".join(map(visible, verdict.notes))
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites, " ")
    return str(ET.tostring(suites, encoding="us-ascii"), "ascii") + "\n"


def _summary(verdict: Verdict) -> str:
    if not verdict.regressed:
        return f"no regression in {counted(len(verdict.cells), 'cell')}"
    return f"{len(verdict.regressed)} of {counted(len(verdict.cells), 'cell')} regressed"


def _row(cell: CellCheck) -> list[str]:
    return [
        cell.dataset,
        str(cell.length),
        f"{cell.before:.3f}",
        f"{cell.after:.3f}",
        f"{cell.difference:+z.3f}",
        "< 0.001" if cell.p < 0.001 else f"{cell.p:.3f}",
        "; ".join(cell.said) or "ok",
    ]


def _markdown_rows(cells: tuple[CellCheck, ...]) -> list[str]:
    return markdown_table(
        ("Tracker", *_HEADER), [[c.tracker, *_row(c)] for c in cells], text={0, 1, 7}
    )


def _record(cell: CellCheck) -> dict[str, object]:
    record: dict[str, Any] = asdict(cell)
    record["reasons"] = [reason.value for reason in cell.reasons]
    for name in ("fps", "run_stds"):
        record[name] = [number_or_null(number) for number in record[name]]
    return {**record, "difference": cell.difference, "regressed": cell.regressed}
