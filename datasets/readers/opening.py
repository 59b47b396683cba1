"""The videos in a folder, listed: ``open_videos("otb", "/data/OTB100")``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from trackbench.arguments.bounds import Whole
from trackbench.arguments.checking import arguments_checked
from trackbench.datasets.readers.annotated_video import VideoSource
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.layouts import reader_named
from trackbench.datasets.readers.reader import PolygonBox, Reader, Request
from trackbench.datasets.readers.recognising import recognise
from trackbench.errors import DataError, TrackbenchError, UnknownIdError, parameter
from trackbench.printing.amounts import counted
from trackbench.printing.text import visible


@dataclass(frozen=True)
class OpenedVideos:
    """What a folder holds; of the videos nothing has been read yet.

    Attributes:
        reader: of the layout.
        root: the data folder.
        split: which part; empty: the layout has none.
        videos: in the layout's order.
        missing: names that a whole download has and this one has not.
    """

    reader: Reader
    root: Path
    split: str
    videos: tuple[VideoSource, ...]
    missing: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What must not be found out only later, a line each."""
        if not self.missing:
            return ()
        whole = len(self.reader.expected(self.split))
        more = f" and {len(self.missing) - 3} more" if len(self.missing) > 3 else ""
        shown = ", ".join(self.missing[:3])
        lacking = f"{len(self.missing):,} of {counted(whole, 'sequence')} are not there"
        return (f"{lacking}: {shown}{more}",)


@arguments_checked
def open_videos(
    layout: str,
    path: str | Path,
    split: str = "",
    *,
    origin: int | None = None,
    polygons: PolygonBox = PolygonBox.EXTENT,
    confirmed: bool = False,
) -> OpenedVideos:
    """List the videos of a data set on disk; annotations are read when they are asked for.

    Args:
        layout: id of a reader, such as ``"otb"``.
        path: the data folder; of the layout ``"folder"`` a video file, too.
        split: one of the layout's; empty: its first.
        origin: is taken off x and y, 0 or 1; None: as published numbers were made.
        polygons: how polygons become boxes.
        confirmed: of the layout ``"folder"``: what is guessed is right.

    Raises:
        UnknownIdError: there is no such layout, or no such split.
        TrackbenchError: the origin is neither 0 nor 1, or said twice.
        DataError: the folder is missing, or is not of this layout.
    """
    origin = Whole(0, 1).or_none("origin", origin)
    reader, root = reader_named(layout), Path(path)
    if not root.exists() or (root.is_file() and layout != "folder"):
        raise data_error(root, "is no folder")
    split = _split(reader, split)
    if layout == "folder" and origin is not None:
        raise TrackbenchError(
            f"{parameter('origin')} of your own videos is said in dataset.toml (origin = {origin})"
        )
    taken = reader.origin if origin is None else origin
    asked = Request(root=root, split=split, origin=taken, polygons=polygons, confirmed=confirmed)
    try:
        videos = tuple(reader.list_videos(asked))
    except DataError as error:
        of_a_file = not str(error).startswith(visible(f"{root}: "))
        raise DataError(f"{error}{_hint(root, layout, of_a_file=of_a_file)}") from None
    except OSError as error:
        raise data_error(root, f"cannot be read ({error.strerror})") from error
    _check_names(root, videos)
    there = {video.name for video in videos}
    missing = tuple(name for name in reader.expected(split) if name not in there)
    return OpenedVideos(reader, root, split, videos, missing)


def _split(reader: Reader, split: str) -> str:
    if not split:
        return reader.splits[0] if reader.splits else ""
    if split not in reader.splits:
        raise UnknownIdError(f"split of {reader.id}", split, reader.splits)
    return split


def _hint(root: Path, layout: str, *, of_a_file: bool) -> str:
    """Return what else the folder looks like, where that is another layout than was named.

    Nearly everything can be one's own videos, so where a file is at fault that is not said.
    """
    try:
        fitting = recognise(root)
    except DataError:
        return ""
    likely = fitting[0]
    if any(found.reader.id == layout and found.path == root for found in fitting):
        return ""
    if of_a_file and likely.reader.id == "folder":
        return ""
    return f"; it looks like {likely.name}"


def _check_names(root: Path, videos: tuple[VideoSource, ...]) -> None:
    counts = Counter(video.name for video in videos)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise data_error(root, f"has two sequences called {twice[0]}")
