"""Tables as the paper arranges them, before anything is known of Markdown or LaTeX.

Two trackers stand side by side, each with a column a length; there is a row a data set, and on
request the printed numbers and the difference under it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from trackbench.ids import parse
from trackbench.reports.published_numbers import PublishedCell, published
from trackbench.results import Cell, Results


class RowKind(Enum):
    """Where a row's numbers come from."""

    OURS = "ours"
    PUBLISHED = "published"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class Entry:
    """A mean and a standard deviation; NaN where there is none."""

    mean: float
    std: float = math.nan
    signed: bool = False

    def text(self, plus_minus: str = " ± ", minus: str = "-") -> str:
        """Return ``0.38 ± 0.28``, ``+0.01`` for a difference, a dash for nothing."""
        if math.isnan(self.mean):
            return "–"
        shown = f"{self.mean:+.2f}" if self.signed else f"{self.mean:.2f}"
        shown = shown.replace("-", minus)
        return shown if math.isnan(self.std) else f"{shown}{plus_minus}{self.std:.2f}"


NOTHING = Entry(math.nan)


@dataclass(frozen=True)
class Row:
    """A label and an entry for each column."""

    label: str
    kind: RowKind
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes:
        groups: tracker and its lengths, from left to right.
        rows: from top to bottom.
    """

    groups: tuple[tuple[str, tuple[int, ...]], ...]
    rows: tuple[Row, ...]


def paper_tables(results: Results, *, with_published: bool = False) -> list[Table]:
    """Arrange results as the paper's tables, two trackers side by side."""
    cells = {(cell.tracker, cell.dataset, cell.length): cell for cell in results.cells()}
    lengths = tuple(sorted({cell.length for cell in cells.values()}))
    return [
        Table(
            groups=tuple((tracker, lengths) for tracker in pair),
            rows=tuple(_rows(cells, pair, list(results.datasets), lengths, with_published)),
        )
        for pair in _pairs(results.trackers)
    ]


def dataset_label(dataset: str) -> str:
    """Return a data set's name as the paper prints it: ``MNIST-Single-Same``."""
    name = parse(dataset).name
    if not name.startswith("mnist-"):
        return dataset
    return "-".join(["MNIST", *(word.capitalize() for word in name.split("-")[1:])])


def footer(results: Results, *, with_published: bool = False) -> list[str]:
    """Return what a reader needs to judge and repeat the tables, a line each."""
    first = results.runs[0]
    sequences = sorted({run.dataset.sequences for run in results.runs})
    many = " to ".join(str(n) for n in dict.fromkeys((sequences[0], sequences[-1])))
    what = f"Mean IoU ± standard deviation over {many} sequences."
    lines = [f"{what} Protocol {results.protocol.value}: {results.protocol.description}."]
    for tracker in results.trackers:
        runs = [run for run in results.runs if run.record.tracker == tracker]
        frames = sum(run.record.frames for run in runs)
        seconds = sum(run.record.seconds for run in runs)
        rate = f"{frames / seconds:,.0f}" if seconds else "–"
        failures = sum(len(run.record.failures) for run in runs)
        invalid = sum(run.invalid for run in runs)
        lines.append(
            f"{tracker}: {rate} frames/s in one process, {failures} failed sequences, "
            f"{invalid} invalid boxes; fingerprint {runs[0].record.fingerprint[:12]}."
        )
    lines += [
        f"{record.id}: fingerprint {record.fingerprint[:12]}."
        for record in results.datasets.values()
    ]
    if with_published:
        lines += sorted({f"Printed numbers: {cell.source}." for cell in _printed(results)})
    lines.append(
        f"trackbench {first.record.versions.get('trackbench', 'unknown')} on "
        f"{first.record.processor}."
    )
    return lines


def _rows(
    cells: dict[tuple[str, str, int], Cell],
    trackers: tuple[str, ...],
    datasets: list[str],
    lengths: tuple[int, ...],
    with_published: bool,
) -> Iterator[Row]:
    for dataset in datasets:
        columns = [(tracker, dataset, length) for tracker in trackers for length in lengths]
        ours = [cells.get(column) for column in columns]
        entries = tuple(Entry(cell.mean, cell.std) if cell else NOTHING for cell in ours)
        yield Row(dataset_label(dataset), RowKind.OURS, entries)
        printed = [published(*column) for column in columns]
        if not with_published or not any(printed):
            continue
        yield Row(
            "printed",
            RowKind.PUBLISHED,
            tuple(Entry(cell.mean, cell.std) if cell else NOTHING for cell in printed),
        )
        yield Row(
            "difference",
            RowKind.DIFFERENCE,
            tuple(
                Entry(a.mean - b.mean, signed=True) if a and b else NOTHING
                for a, b in zip(ours, printed, strict=True)
            ),
        )


def _printed(results: Results) -> list[PublishedCell]:
    found = [published(cell.tracker, cell.dataset, cell.length) for cell in results.cells()]
    return [cell for cell in found if cell is not None]


def _pairs(trackers: list[str]) -> list[tuple[str, ...]]:
    return [tuple(trackers[i : i + 2]) for i in range(0, len(trackers), 2)]
