"""What a reader returns: a video's images and what is known of each frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes
from trackbench.datasets.readers.video_file import VideoFile

Images = Sequence[Path] | VideoFile
"""Where the frames are: an image file each, or one video file."""


class Masks(Protocol):
    """The target's masks in T frames, made when asked for."""

    def __len__(self) -> int:
        """Return T."""

    def part(self, start: int, stop: int) -> Masks:
        """Return the masks of the frames ``start`` to ``stop - 1``."""

    def has(self, index: int) -> bool:
        """Whether a frame has one; nothing is read for it."""

    def mask(self, index: int, size: tuple[int, int]) -> NDArray[np.bool_] | None:
        """Return the mask (H, W) of a frame of ``size`` (H, W); None: it has none.

        Raises:
            DataError: it cannot be read, or does not fit.
        """


@dataclass(frozen=True, kw_only=True, eq=False)
class AnnotatedVideo:
    """A video of T frames as it lies on disk.

    Attributes:
        name: of the sequence.
        images: T image files, or a video file of T frames or more, of which the first T count.
        boxes: (T, 4) float64, ``(x, y, w, h)`` in pixels; NaN where the target is absent or its
            box is unknown. Frame 0 always has one.
        absent: (T,) bool: the target is known to be absent. Where there is no box and this is
            False, nobody says where it is.
        rows: (T, 4) float64, what the file says where the target is absent; None: nothing is known.
        attributes: name -> (T,) array, of what the layout says of each frame.
        tags: what it says of the whole sequence.
        masks: of the target, where the layout has any.
        polygons: T polygons (P, 2), or None where a frame has none; empty: the layout has none.
        scored: False where the truth ends with frame 0, as in test sets with an evaluation server.
        notes: what images and annotations disagree about, and what was done, a line each.
    """

    name: str
    images: Images
    boxes: Boxes
    absent: NDArray[np.bool_]
    rows: Boxes | None = None
    attributes: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    masks: Masks | None = None
    polygons: tuple[NDArray[np.float64] | None, ...] = ()
    scored: bool = True
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.boxes)


@dataclass(frozen=True, kw_only=True)
class VideoSource:
    """A video on disk of which nothing has been read yet.

    Attributes:
        name: of the sequence.
        root: the data folder, out of which nothing leads.
        annotations: files that decide what is read, the images apart.
        settings: what else decides it, such as ``origin=1``.
        reading: reads it; can be pickled.
    """

    name: str
    root: Path
    annotations: tuple[Path, ...]
    settings: tuple[str, ...] = ()
    reading: Callable[[], AnnotatedVideo]

    def read(self) -> AnnotatedVideo:
        """Return the video's images, by name, and its annotations.

        Raises:
            DataError: one of the files is not what it should be; its name is in the message.
        """
        return self.reading()
