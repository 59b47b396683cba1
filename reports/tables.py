"""Tables as the paper arranges them, before anything is known of Markdown or LaTeX.

Two trackers stand side by side, each with a column a length; there is a row a data set, and on
request the printed numbers and the difference under it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from trackbench.records import DatasetRecord
from trackbench.reports.published_numbers import published, unversioned
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
        # z: what rounds to nothing has no sign of its own, so never -0.00
        shown = f"{self.mean:+z.2f}" if self.signed else f"{self.mean:z.2f}"
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
    """Arrange results as the paper's tables, two trackers side by side.

    Lengths ascend, data sets come in the order of their suite, trackers in that of ``results``.
    """
    cells = {(cell.tracker, cell.dataset, cell.length): cell for cell in results.cells()}
    lengths = tuple(sorted({cell.length for cell in cells.values()}))
    labels = dataset_labels(record.id for record in in_order(results))
    return [
        Table(
            groups=tuple((tracker, lengths) for tracker in pair),
            rows=tuple(_rows(cells, pair, labels, lengths, with_published)),
        )
        for pair in _pairs(results.trackers)
    ]


def in_order(results: Results) -> list[DatasetRecord]:
    """Return the data sets in the order of their suite, whichever tracker ran on which."""
    return sorted(results.datasets.values(), key=lambda record: record.position)


def dataset_labels(datasets: Iterable[str]) -> dict[str, str]:
    """Return data set id -> its name as the paper prints it: ``MNIST-Single-Same``.

    One that is not the paper's, or stands beside another version of itself, keeps its id.
    """
    names = {dataset: unversioned(dataset) for dataset in datasets}
    versions = Counter(names.values())
    return {
        dataset: _as_printed(name) if name.startswith("mnist-") and versions[name] == 1 else dataset
        for dataset, name in names.items()
    }


def _as_printed(dataset: str) -> str:
    return "-".join(["MNIST", *(word.capitalize() for word in dataset.split("-")[1:])])


def _rows(
    cells: dict[tuple[str, str, int], Cell],
    trackers: tuple[str, ...],
    labels: dict[str, str],
    lengths: tuple[int, ...],
    with_published: bool,
) -> Iterator[Row]:
    for dataset, label in labels.items():
        columns = [(tracker, dataset, length) for tracker in trackers for length in lengths]
        ours = [cells.get(column) for column in columns]
        entries = tuple(Entry(cell.mean, cell.std) if cell else NOTHING for cell in ours)
        yield Row(label, RowKind.OURS, entries)
        printed = [published(*column) for column in columns] if with_published else []
        if not any(printed):
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


def _pairs(trackers: list[str]) -> list[tuple[str, ...]]:
    return [tuple(trackers[i : i + 2]) for i in range(0, len(trackers), 2)]
