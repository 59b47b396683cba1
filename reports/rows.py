"""Results as rows for programs: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from trackbench.printing.text import spreadsheet
from trackbench.report_contract import ReportOptions
from trackbench.reports.measures import Measure, Number, measures
from trackbench.reports.published_numbers import published
from trackbench.reports.sequence_layout import sequence_scores
from trackbench.results.cell import Cell
from trackbench.results.directory import Results

COLUMNS = (
    "tracker",
    "dataset",
    "length",
    "mean",
    "std",
    "sequences",
    "fps",
    "failures",
    "invalid",
    "peak_memory",
    "absent",
    "sees_future",
    "runs",
    "run_std",
    "deterministic",
    "memory_limit",
    "imported",
    "compared",
)
INTERVAL_COLUMNS = ("ci_low", "ci_high")
PUBLISHED_COLUMNS = (
    "published_mean",
    "published_std",
    "published_difference",
    "published_source",
)


SEQUENCE_COLUMNS = (
    "tracker",
    "dataset",
    "sequence",
    "name",
    "frames",
    "length",
    "score",
    "failed_at",
)
"""Of a row per sequence; each metric follows under its id."""


def render_csv(results: Results, options: ReportOptions) -> str:
    """Return one row per tracker, data set and length, under :data:`COLUMNS`, in any layout.

    Per sequence, it is one row per tracker, sequence and length, under :data:`SEQUENCE_COLUMNS`.

    On request :data:`INTERVAL_COLUMNS` follow, then :data:`PUBLISHED_COLUMNS`, then a column for
    each metric, under its id: the mean over sequences; with intervals, ``<id>_ci_low`` and
    ``<id>_ci_high``, too. What is not there is empty. A row is one line, and no name in it is
    a formula: see :func:`~trackbench.printing.text.spreadsheet`.
    """
    out = io.StringIO()
    rows = _rows(results, options)
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {
            name: spreadsheet(value) if isinstance(value, str) else value
            for name, value in row.items()
        }
        for row in rows
    )
    return out.getvalue()


def render_json(results: Results, options: ReportOptions) -> str:
    """Return a list of the same records; what is not there is null."""
    return json.dumps(_rows(results, options), indent=1, allow_nan=False) + "\n"


def _rows(results: Results, options: ReportOptions) -> list[dict[str, Any]]:
    if options.per_sequence:
        return [dict(row) for row in _sequence_rows(results, options)]
    iou, *metrics = measures(results, options)
    return [_row(cell, iou, metrics, options) for cell in results.cells()]


def _row(
    cell: Cell, iou: Measure, metrics: Sequence[Measure], options: ReportOptions
) -> dict[str, Any]:
    row = cell.row()
    key = (cell.tracker, cell.dataset, cell.length)
    if options.intervals:
        row |= _interval("", iou.numbers[key])
    if options.with_published:
        printed = published(*key)
        difference = cell.mean - printed.mean if printed else None
        values = (printed.mean, printed.std, difference, printed.source) if printed else (None,) * 4
        row |= dict(zip(PUBLISHED_COLUMNS, values, strict=True))
    for measure in metrics:
        number = measure.numbers[key]
        row[measure.id] = number.mean
        if options.intervals:
            row |= _interval(f"{measure.id}_", number)
    return {name: None if _absent(value) else value for name, value in row.items()}


def _sequence_rows(results: Results, options: ReportOptions) -> Iterator[dict[str, Any]]:
    """Yield a row for each tracker, sequence and length; a sequence without a score has none."""
    for run, measured in sequence_scores(results, options):
        record = run.dataset
        failed = {failure.sequence: failure.frame for failure in run.failures}
        for sequence in range(record.sequences):
            for at, length in enumerate(record.lengths):
                first = (
                    run.record.tracker,
                    record.id,
                    sequence,
                    record.name_of(sequence),
                    record.extent.frames_of(sequence),
                    record.label(length),
                )
                score, *metrics = (float(scores[sequence, at]) for scores in measured.values())
                row = dict(
                    zip(SEQUENCE_COLUMNS, (*first, score, failed.get(sequence)), strict=True)
                )
                row |= dict(zip(options.metrics, metrics, strict=True))
                yield {name: None if _absent(value) else value for name, value in row.items()}


def _interval(prefix: str, number: Number) -> dict[str, float]:
    ends = (number.low, number.high)
    return {f"{prefix}{name}": end for name, end in zip(INTERVAL_COLUMNS, ends, strict=True)}


def _absent(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)
