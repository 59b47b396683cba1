"""A comparison of trackers as a table for people, as Markdown and as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from trackbench.analysis.rankings import ALPHA, Ranking
from trackbench.printing.amounts import counted
from trackbench.printing.markdown import escape, markdown_table
from trackbench.printing.terminal_tables import Column, print_columns
from trackbench.printing.text import visible
from trackbench.results.json_values import number_or_null

if TYPE_CHECKING:
    from trackbench.analysis.comparison import Comparison
    from trackbench.analysis.differences import Difference

_NOTE = (
    "Difference of mean scores, paired by sequence, with its 95 % BCa bootstrap interval; "
    "p of Wilcoxon's signed-rank test, adjusted by Holm over all rows; effect: matched-pairs "
    f"rank-biserial correlation, -1 to 1. * p <= {ALPHA:g}."
)
_RANKING_NOTE = (
    "Ranked by mean over the sequences of all data sets. Trackers that share a letter are not told "
    f"apart (Friedman, then signed-rank tests adjusted by Holm, p <= {ALPHA:g})."
)
_RANKING_HEADER = ("Rank", "Tracker", "Mean", "Mean rank", "Groups")
_NAMED = {3, 4}  # the columns that are called like a tracker


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print a table a pair and data set, and a ranking a length."""
    for (first, second), rows in _pairs(comparison):
        for dataset, in_it in groupby(rows, lambda row: row.dataset):
            _print_table(console, first, second, dataset, list(in_it))
    for note in _notes(comparison):
        console.print(Text(visible(note), style="dim"), soft_wrap=not console.is_terminal)
    for ranking in comparison.rankings:
        _print_ranking(console, ranking)
    if comparison.rankings:
        console.print(Text(_RANKING_NOTE, style="dim"), soft_wrap=not console.is_terminal)


def comparison_markdown(comparison: Comparison) -> str:
    """Return the same tables in Markdown."""
    parts = []
    for (first, second), rows in _pairs(comparison):
        header = [escape(name) for name in _header(first, second)]
        table = markdown_table(header, [_row(row) for row in rows], text={0})
        parts.append("\n".join([f"**{escape(first)} - {escape(second)}**", "", *table]))
    parts += [escape(note) for note in _notes(comparison)]
    for ranking in comparison.rankings:
        table = markdown_table(_RANKING_HEADER, _ranked(ranking), text={1, 4})
        parts.append("\n".join([f"**{_ranking_title(ranking)}**", "", *table]))
    if comparison.rankings:
        parts.append(escape(_RANKING_NOTE))
    return "\n\n".join(parts) + "\n"


def comparison_json(comparison: Comparison) -> str:
    """Return what was compared, differences and rankings as records; what is not there is null."""
    found = asdict(comparison)
    for row in found["differences"]:
        for end in ("low", "high"):
            row[end] = number_or_null(row[end])
    return json.dumps(found, indent=1, allow_nan=False) + "\n"


def _notes(comparison: Comparison) -> Iterator[str]:
    yield _NOTE
    if (few := comparison.too_few) is not None:
        yield (
            "No difference of these rows can be significant: with "
            f"{counted(few.differing, 'sequence')} on which trackers differ, p, adjusted over "
            f"{counted(few.rows, 'row')}, is at least {_p(few.least_p)}. "
            f"It takes {few.needed} or more."
        )
    for tracker in comparison.imported:
        yield f"{tracker} was imported: its boxes are of another program's files."
    for tracker in comparison.sees_future:
        yield f"{tracker} sees the future: it was handed whole videos."
    for found in comparison.by_masks:
        yield (
            f"{found.tracker} on {found.dataset}: IoU is of {found.compared}, and not comparable "
            "with that of a tracker whose boxes are compared."
        )
    yield f"Score: {comparison.metric}, {comparison.definition}."
    left_out = {(row.dataset, row.length): row.left_out for row in comparison.differences}
    for (dataset, length), count in left_out.items():
        if count:
            yield (
                f"{dataset}, length {length}: {counted(count, 'sequence')} without a "
                f"score of {comparison.metric} left out."
            )
    for run in comparison.repeated:
        said = f"{run.tracker} on {run.dataset}: mean over {counted(run.runs, 'run')}"
        if run.deterministic:
            yield f"{said} with identical boxes, for it is deterministic there."
        else:
            yield f"{said}; standard deviation between their mean IoU: {run.run_std:.3f}."
    for cell in comparison.unscored:
        where = f"{cell.dataset}, length {cell.length}"
        yield f"{where}: left out, {comparison.metric} has no score there."


def _print_table(
    console: Console, first: str, second: str, dataset: str, rows: list[Difference]
) -> None:
    """Show one data set; its name would take a third of the width in every row."""
    first, second = visible(first), visible(second)
    header = _header(first, second)
    said = zip(*map(_row, rows), strict=True)
    columns = [
        Column(name, cells, folds=number in _NAMED)
        for number, (name, cells) in enumerate(zip(header, said, strict=True))
    ]
    most = max(row.sequences for row in rows)
    title = f"{first} - {second}, {visible(dataset)}, {counted(most, 'sequence')}"
    print_columns(console, title, columns[2:], ["bold" if row.told_apart else "" for row in rows])


def _print_ranking(console: Console, ranking: Ranking) -> None:
    rows = _ranked(ranking)
    columns = [
        Column(name, [visible(cell) for cell in cells], left=number in {1, 4}, folds=number == 1)
        for number, (name, cells) in enumerate(
            zip(_RANKING_HEADER, zip(*rows, strict=True), strict=True)
        )
    ]
    print_columns(console, _ranking_title(ranking), columns, [""] * len(rows), keys=2)


def _pairs(comparison: Comparison) -> list[tuple[tuple[str, str], list[Difference]]]:
    grouped = groupby(comparison.differences, lambda row: (row.first, row.second))
    return [(pair, list(rows)) for pair, rows in grouped]


def _header(first: str, second: str) -> list[str]:
    statistics = ["Difference", "95 % interval", "p", "Effect"]
    return ["Data set", "Sequences", "Length", first, second, *statistics]


def _row(row: Difference) -> list[str]:
    return [
        row.dataset,
        str(row.sequences),
        str(row.length),
        f"{row.first_mean:.3f}",
        f"{row.second_mean:.3f}",
        f"{row.mean:+z.3f}",
        "n/a" if math.isnan(row.low) else f"{row.low:+z.3f} to {row.high:+z.3f}",
        _p(row.p_adjusted) + (" *" if row.told_apart else ""),
        f"{row.effect:+z.2f}",
    ]


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _ranking_title(ranking: Ranking) -> str:
    return (
        f"Length {ranking.length}, {counted(ranking.sequences, 'sequence')}, "
        f"Friedman p {_p(ranking.friedman_p).replace('< ', '<')}"
    )


def _ranked(ranking: Ranking) -> list[list[str]]:
    return [
        [str(place), row.tracker, f"{row.mean:.3f}", f"{row.mean_rank:.2f}", row.groups]
        for place, row in enumerate(ranking.trackers, 1)
    ]
