"""What a reader is: a layout's name, how it looks, who counts how, and what lists its videos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from trackbench.datasets.readers.annotated_video import VideoSource
from trackbench.datasets.readers.box_rows import BoxFormat


class PolygonBox(Enum):
    """How a polygon becomes a box."""

    EXTENT = "extent"
    """From the smallest x and y to the largest, as the VOT toolkit and pytracking do."""
    SAME_AREA = "same-area"
    """Around the same centre, with the polygon's area, and 1 added to width and height, as got10k
    and pysot do."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked of a reader.

    Attributes:
        root: the data folder.
        split: one of the reader's, or empty.
        origin: is taken off x and y.
        polygons: how polygons become boxes.
        confirmed: a guess of the reader ``folder`` was confirmed.
    """

    root: Path
    split: str
    origin: int
    polygons: PolygonBox = PolygonBox.EXTENT
    confirmed: bool = False

    @property
    def settings(self) -> tuple[str, ...]:
        """What decides the boxes besides the files, in words."""
        return (f"origin={self.origin}", f"polygons={self.polygons.value}")


def _not_known(_split: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One layout on disk.

    A new one is a module with such an object, named in :mod:`trackbench.datasets.readers.layouts`.

    Attributes:
        id: its name on the command line.
        description: one line.
        tree: what it looks like on disk.
        splits: names of its parts; the first is read where none is named. Empty: it has none.
        form: what the numbers of a box are in its files.
        counts_from: the number that its authors give the first pixel; None: they do not say, or
            do not agree.
        origin: what is taken off x and y unless it is asked for otherwise: 0, boxes as they stand
            in the files, is what published numbers were made with.
        counting: who counts how, in words.
        reference: the paper, or the program, that describes it.
        list_videos: what was asked -> the videos there are, in their order. Reads no annotation.
        missing_is_no: an attribute of yes and no that a sequence lacks is no in all its frames.
        expected: a split -> the names that a whole download has; empty: that is not known here.
        signs: a folder -> why it may be one of this layout, a reason each; empty: it is none.
    """

    id: str
    description: str
    tree: str
    splits: tuple[str, ...] = ()
    form: BoxFormat = BoxFormat.XYWH
    counts_from: int | None
    origin: int = 0
    counting: str
    reference: str
    list_videos: Callable[[Request], list[VideoSource]]
    signs: Callable[[Path], tuple[str, ...]]
    missing_is_no: bool = False
    expected: Callable[[str], tuple[str, ...]] = _not_known
