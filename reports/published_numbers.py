"""Numbers printed in papers, shipped as data with their source, to stand beside ours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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


def published(tracker: str, dataset: str, length: int) -> PublishedCell | None:
    """Return what was printed for a tracker id, data set id and length, or None."""
    return _cells().get((unversioned(tracker), unversioned(dataset), length))


def unversioned(text: str) -> str:
    """Return an id without its version; stored results may hold names that are no ids."""
    try:
        return parse(text).name
    except TrackbenchError:
        return text


@cache
def _cells() -> dict[tuple[str, str, int], PublishedCell]:
    cells = {}
    for path in sorted(FOLDER.glob("*.json")):
        paper = json.loads(path.read_text(encoding="utf-8"))
        for found in paper["cells"]:
            cell = PublishedCell(
                **{**found, "tables": tuple(found["tables"])}, source=paper["short"]
            )
            cells[cell.tracker, cell.dataset, cell.length] = cell
    return cells
