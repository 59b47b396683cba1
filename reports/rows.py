"""Results as rows for programs: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import asdict
from typing import Any

from trackbench.reports.options import ReportOptions
from trackbench.reports.published_numbers import published
from trackbench.results import Cell, Results

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
)
PUBLISHED_COLUMNS = ("published_mean", "published_std", "published_source")


def render_csv(results: Results, options: ReportOptions) -> str:
    """Return one row per tracker, data set and length, under :data:`COLUMNS`.

    With the published numbers, :data:`PUBLISHED_COLUMNS` follow. What is not there is empty.
    """
    columns = COLUMNS + (PUBLISHED_COLUMNS if options.with_published else ())
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_rows(results, options))
    return out.getvalue()


def render_json(results: Results, options: ReportOptions) -> str:
    """Return a list of the same records; what is not there is null."""
    return json.dumps(_rows(results, options), indent=1, allow_nan=False) + "\n"


def _rows(results: Results, options: ReportOptions) -> list[dict[str, Any]]:
    return [_row(cell, options) for cell in results.cells()]


def _row(cell: Cell, options: ReportOptions) -> dict[str, Any]:
    row = asdict(cell)
    if options.with_published:
        printed = published(cell.tracker, cell.dataset, cell.length)
        values = (printed.mean, printed.std, printed.source) if printed else (None, None, None)
        row |= dict(zip(PUBLISHED_COLUMNS, values, strict=True))
    return {name: None if _absent(value) else value for name, value in row.items()}


def _absent(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)
