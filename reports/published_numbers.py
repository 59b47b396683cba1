"""Numbers printed in papers, shipped as data with their source, to stand beside ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from trackbench.errors import TrackbenchError
from trackbench.ids import parse
from trackbench.protocols import Protocol

FOLDER = Path(__file__).parent / "published"

PROTOCOL = Protocol.PAPER_V1
"""What counts in every number shipped here: all frames, frame 0 included (Sec. 6.1)."""


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


def published(tracker: str, dataset: str, length: int) -> PublishedCell | None:
    """Return what was printed for a tracker id, data set id and length, or None.

    The paper's data sets are versions 1 of ours. A later version is other data, of which nothing is
    printed; a later version of a tracker is still that tracker.
    """
    if _version(dataset) > 1:
        return None
    return _cells().get((unversioned(tracker), unversioned(dataset), length))


def check_protocol(protocol: Protocol) -> None:
    """Raise a TrackbenchError if results of a protocol cannot stand beside the printed numbers."""
    if protocol is not PROTOCOL:
        raise TrackbenchError(
            f"the printed numbers follow {PROTOCOL.value}, not {protocol.value}: leave "
            "--with-published out"
        )


@cache
def published_tables() -> tuple[PublishedTable, ...]:
    """Return the printed tables, paper by paper in the order of their numbers."""
    return tuple(table for paper in _papers() for table in _tables_of(paper))


def _version(text: str) -> int:
    try:
        return parse(text).version or 1
    except TrackbenchError:
        return 1


def unversioned(text: str) -> str:
    """Return an id without its version; stored results may hold names that are no ids."""
    try:
        return parse(text).name
    except TrackbenchError:
        return text


@cache
def _cells() -> dict[tuple[str, str, int], PublishedCell]:
    cells = {}
    for paper in _papers():
        tables = _tables_of(paper)
        for found in paper["cells"]:
            numbers = tuple(
                table.number
                for table in tables
                if found["tracker"] in table.trackers and found["dataset"] in table.datasets
            )
            cell = PublishedCell(**found, tables=numbers, source=paper["short"])
            cells[cell.tracker, cell.dataset, cell.length] = cell
    return cells


def _tables_of(paper: dict[str, Any]) -> list[PublishedTable]:
    names = {cell["tracker"]: cell["printed_as"] for cell in paper["cells"]}
    return [
        PublishedTable(
            number=table["number"],
            caption=table["caption"],
            trackers=tuple(table["trackers"]),
            printed_as=tuple(names[tracker] for tracker in table["trackers"]),
            datasets=tuple(table["datasets"]),
            source=paper["short"],
        )
        for table in paper["tables"]
    ]


def _papers() -> Iterator[dict[str, Any]]:
    for path in sorted(FOLDER.glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))
