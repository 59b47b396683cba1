"""What a folder of videos looks like: the lines that a reader of it begins with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FolderSketch:
    """A folder that holds a folder a sequence, as it seems to be laid out.

    Attributes:
        path: the folder, absolute.
        images: where a sequence's images lie in it; ``{name}`` stands for the sequence.
        boxes: where its file of boxes lies.
        corners: a row is left, top, right, bottom; otherwise left, top, width, height.
        origin: the number that the files give the first pixel.
        reasons: why rows are taken to mean that, a line each.
    """

    path: Path
    images: str
    boxes: str
    corners: bool
    origin: int
    reasons: tuple[str, ...]
