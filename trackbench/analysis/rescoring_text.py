"""Rescored results as tables: a row a quantity, a column a toolkit."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.text import Text

from trackbench.metrics import Metric
from trackbench.printing.amounts import DASH, counted
from trackbench.printing.markdown import escape, markdown_table
from trackbench.printing.terminal_tables import Column, print_columns
from trackbench.printing.text import visible
from trackbench.results.json_values import number_or_null
from trackbench.results.marks import SEES_FUTURE

if TYPE_CHECKING:
    from rich.console import Console

    from trackbench.analysis.rescoring import Rescored, RescoredRun

_OURS = "trackbench"
_RULES = {
    "otb": "OTB's",
    "uav": "UAV123's",
    "lasot": "LaSOT's",
}


def print_rescored(rescored: Rescored, console: Console) -> None:
    """Print a table a tracker and data set, and what is to be said of it."""
    for run in rescored.runs:
        header, rows = _table(run)
        columns = [
            Column(name, cells, left=number == 0)
            for number, (name, cells) in enumerate(
                zip(header, zip(*rows, strict=True), strict=True)
            )
        ]
        print_columns(console, visible(_title(run)), columns, [""] * len(rows))
        for note in _notes(run):
            console.print(Text(visible(note), style="dim"), soft_wrap=not console.is_terminal)
    for note in _definitions(rescored):
        console.print(Text(visible(note), style="dim"), soft_wrap=not console.is_terminal)


def rescored_markdown(rescored: Rescored) -> str:
    """Return the same tables in Markdown."""
    parts = []
    for run in rescored.runs:
        header, rows = _table(run)
        parts.append(f"**{escape(_title(run))}**")
        parts.append("\n".join(markdown_table(header, rows, text={0})))
        parts += [escape(note) for note in _notes(run)]
    parts += [escape(note) for note in _definitions(rescored)]
    return "\n\n".join(parts) + "\n"


def rescored_json(rescored: Rescored) -> str:
    """Return a record a number; what is not there is null."""
    rows = [
        {
            "tracker": run.tracker,
            "dataset": run.dataset,
            "length": run.length,
            "imported": run.imported,
            "sees_future": SEES_FUTURE in run.marks,
            **asdict(score),
            "value": number_or_null(score.value),
        }
        for run in rescored.runs
        for score in run.scores
    ]
    return json.dumps(rows, indent=1, allow_nan=False) + "\n"


def _title(run: RescoredRun) -> str:
    length = run.length if isinstance(run.length, str) else counted(run.length, "frame")
    marks = f" ({', '.join(run.marks)})" if run.marks else ""
    return f"{run.tracker}{marks} on {run.dataset}, {counted(run.sequences, 'sequence')}, {length}"


def _table(run: RescoredRun) -> tuple[list[str], list[list[str]]]:
    """Return the header, and a row for each quantity in the order of the metrics."""
    placed: dict[str, dict[str, str]] = {}
    toolkits: dict[str, None] = {}
    for score in run.scores:
        quantity, _, toolkit = score.metric.partition("@")
        toolkits[toolkit or _OURS] = None
        said = DASH if math.isnan(score.value) else f"{score.value:.3f}"
        placed.setdefault(quantity, {})[toolkit or _OURS] = said
    header = ["", *toolkits]
    rows = [[name, *(cells.get(each, "") for each in toolkits)] for name, cells in placed.items()]
    return header, rows


def _notes(run: RescoredRun) -> Iterator[str]:
    if run.missing:
        yield f"Without a score, and left out of every number: {counted(run.missing, 'sequence')}."
    if run.spoiled:
        yield f"Spoiled by the tracker's failures: {counted(run.spoiled, 'sequence')}."
    yield (
        f"Absent frames by {_RULES[run.kind]} rule in toolkits that have several; they see the row "
        "of the data set's file, or 0,0,0,0 (NaN by UAV123's rule) where none is stored."
    )
    reasons: dict[str, list[str]] = {}
    for score in run.scores:
        if score.refusal:
            _, _, why = score.refusal.partition(f"{score.metric} of ")
            reasons.setdefault(why or score.refusal, []).append(score.metric)
    for why, metrics in reasons.items():
        yield f"{DASH} {', '.join(metrics)}: {why}."


def _definitions(rescored: Rescored) -> Iterator[str]:
    """Yield what each number is, once."""
    for metric in dict.fromkeys(score.metric for run in rescored.runs for score in run.scores):
        yield f"{metric}: {Metric.named(metric).definition}."
