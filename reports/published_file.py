"""The files of printed numbers, read with the same care as any other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from trackbench.errors import DamagedFileError
from trackbench.printing.text import quoted
from trackbench.results.bounded import read_json
from trackbench.results.json_codec import Share, decoded

LARGEST = 2**20
"""Bytes."""

_Count = Annotated[int, Meta(ge=0, le=10**6)]
"""Frames of a sequence, or tables of a paper."""


@dataclass(frozen=True)
class _Table:
    number: _Count
    caption: str
    trackers: tuple[str, ...]
    datasets: tuple[str, ...]


@dataclass(frozen=True)
class _Cell:
    tracker: str
    printed_as: str
    dataset: str
    length: _Count
    mean: Share
    std: Share


@dataclass(frozen=True)
class _File:
    source: str
    short: str
    tables: tuple[_Table, ...]
    cells: tuple[_Cell, ...]


@dataclass(frozen=True)
class PublishedCell:
    """One printed cell.

    Attributes:
        tracker, dataset: names of ours, without version.
        printed_as: the tracker's name in the paper.
        tables: the tables of the paper it stands in.
        length: frames.
        mean, std: as printed.
        source: the paper, in a few words.
    """

    tracker: str
    printed_as: str
    tables: tuple[int, ...]
    dataset: str
    length: int
    mean: float
    std: float
    source: str


@dataclass(frozen=True)
class PublishedTable:
    """How one printed table is arranged.

    Attributes:
        number: in the paper.
        caption: what it compares, the gist of its caption.
        trackers: names of ours, without version, from left to right.
        printed_as: the same trackers' names in the paper.
        datasets: names of ours, without version, from top to bottom.
        source: the paper, in a few words.
    """

    number: int
    caption: str
    trackers: tuple[str, ...]
    printed_as: tuple[str, ...]
    datasets: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Paper:
    """What one paper printed."""

    tables: tuple[PublishedTable, ...]
    cells: tuple[PublishedCell, ...]


def read_paper(path: Path) -> Paper:
    """Read one file.

    Raises:
        DamagedFileError: it is not there, or holds anything else.
    """
    found = read_json(path, LARGEST, "a file of printed numbers", finite=True)
    try:
        return _paper(found)
    except ValueError as error:
        raise DamagedFileError(
            f"{path} is not a file of printed numbers: {error}; install trackbench again"
        ) from error


def _paper(found: Any) -> Paper:
    file = decoded(_File, found)
    names = {cell.tracker: cell.printed_as for cell in file.cells}
    tables = tuple(_table(table, names, file.short) for table in file.tables)
    cells = tuple(_cell(cell, tables, file.short) for cell in file.cells)
    if len({(cell.tracker, cell.dataset, cell.length) for cell in cells}) < len(cells):
        raise ValueError("it has a cell twice")
    return Paper(tables, cells)


def _table(found: _Table, names: dict[str, str], source: str) -> PublishedTable:
    for name in found.trackers:
        if name not in names:
            raise ValueError(f"it has no cell of the tracker {quoted(name)}")
    return PublishedTable(
        number=found.number,
        caption=found.caption,
        trackers=found.trackers,
        printed_as=tuple(names[name] for name in found.trackers),
        datasets=found.datasets,
        source=source,
    )


def _cell(found: _Cell, tables: tuple[PublishedTable, ...], source: str) -> PublishedCell:
    return PublishedCell(
        tracker=found.tracker,
        printed_as=found.printed_as,
        tables=tuple(
            table.number
            for table in tables
            if found.tracker in table.trackers and found.dataset in table.datasets
        ),
        dataset=found.dataset,
        length=found.length,
        mean=found.mean,
        std=found.std,
        source=source,
    )
