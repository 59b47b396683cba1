"""The files of printed numbers, read with the same care as any other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackbench.errors import DamagedFileError
from trackbench.results.bounded import read_json
from trackbench.results.json_checks import count, items, members, number, text

LARGEST = 2**20
"""Bytes."""

_LONGEST = 10**6
_PAPER = ("source", "short", "tables", "cells")
_TABLE = ("number", "caption", "trackers", "datasets")
_CELL = ("tracker", "printed_as", "dataset", "length", "mean", "std")


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
    members(found, _PAPER, "it")
    source = text(found["short"], "its source")
    described = [members(c, _CELL, "a cell") for c in items(found["cells"], "its cells")]
    names = {
        text(cell["tracker"], "a tracker"): text(cell["printed_as"], "a printed name")
        for cell in described
    }
    tables = tuple(_table(t, names, source) for t in items(found["tables"], "its tables"))
    cells = tuple(_cell(cell, tables, source) for cell in described)
    if len({(cell.tracker, cell.dataset, cell.length) for cell in cells}) < len(cells):
        raise ValueError("it has a cell twice")
    return Paper(tables, cells)


def _table(found: Any, names: dict[str, str], source: str) -> PublishedTable:
    members(found, _TABLE, "a table")
    trackers = _names(found["trackers"], "a table's trackers")
    for name in trackers:
        if name not in names:
            raise ValueError(f"it has no cell of the tracker {name!r}")
    return PublishedTable(
        number=count(found["number"], _LONGEST),
        caption=text(found["caption"], "a table's caption"),
        trackers=trackers,
        printed_as=tuple(names[name] for name in trackers),
        datasets=_names(found["datasets"], "a table's data sets"),
        source=source,
    )


def _cell(found: dict[str, Any], tables: tuple[PublishedTable, ...], source: str) -> PublishedCell:
    tracker, dataset = found["tracker"], text(found["dataset"], "a cell's data set")
    return PublishedCell(
        tracker=tracker,
        printed_as=found["printed_as"],
        tables=tuple(
            table.number
            for table in tables
            if tracker in table.trackers and dataset in table.datasets
        ),
        dataset=dataset,
        length=count(found["length"], _LONGEST),
        mean=number(found["mean"], 1, "a printed mean"),
        std=number(found["std"], 1, "a printed standard deviation"),
        source=source,
    )


def _names(value: Any, what: str) -> tuple[str, ...]:
    return tuple(text(name, what) for name in items(value, what))
