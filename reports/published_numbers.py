"""Numbers printed in papers, shipped as data with their source, to stand beside ours."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from trackbench.errors import TrackbenchError, parameter
from trackbench.ids import parse, unversioned
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.reports.published_file import Paper, PublishedCell, PublishedTable, read_paper

__all__ = [
    "FOLDER",
    "PROTOCOL",
    "PublishedCell",
    "PublishedTable",
    "check_protocol",
    "published",
    "published_tables",
    "unversioned",
]

FOLDER = Path(__file__).parent / "published"

PROTOCOL = EvaluationProtocol.PAPER_V1
"""What counts in every number shipped here: all frames, frame 0 included (Sec. 6.1)."""


def published(tracker: str, dataset: str, length: int) -> PublishedCell | None:
    """Return what was printed for a tracker id, data set id and length, or None.

    The paper's data sets are versions 1 of ours. A later version is other data, of which nothing is
    printed; a later version of a tracker is still that tracker.
    """
    if _version(dataset) > 1:
        return None
    return _cells().get((unversioned(tracker), unversioned(dataset), length))


def check_protocol(protocol: EvaluationProtocol) -> None:
    """Raise a TrackbenchError if results of a protocol cannot stand beside the printed numbers."""
    if protocol is not PROTOCOL:
        raise TrackbenchError(
            f"the printed numbers follow {PROTOCOL.value}, not {protocol.value}: leave "
            f"{parameter('with_published')} out"
        )


@cache
def published_tables() -> tuple[PublishedTable, ...]:
    """Return the printed tables, paper by paper in the order of their numbers."""
    return tuple(table for paper in _papers() for table in paper.tables)


def _version(text: str) -> int:
    try:
        return parse(text).version or 1
    except TrackbenchError:
        return 1


@cache
def _cells() -> dict[tuple[str, str, int], PublishedCell]:
    return {
        (cell.tracker, cell.dataset, cell.length): cell
        for paper in _papers()
        for cell in paper.cells
    }


def _papers() -> Iterator[Paper]:
    return map(read_paper, sorted(FOLDER.glob("*.json")))
