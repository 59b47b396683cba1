"""What a layout of files is: where frames, boxes and labels of a sequence go, and in which form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from trackbench.contracts import Boxes, DatasetSpec, Video
from trackbench.datasets.export.images import ImageFormat

TARGET_ABSENT = "target_absent"
"""What tells where the target is known to be absent; no attribute can be called so."""

TextFiles = dict[str, str]
"""Text files: name -> content."""


@dataclass(frozen=True, kw_only=True)
class NamedVideo:
    """A sequence on its way into files.

    Attributes:
        name: of its folder.
        video: its frames and its truth.
        tags: what its data set says of it as a whole, such as OTB's ``"OCC"``.
        counts_from: the number that its boxes give the first pixel: 1 where OTB's boxes stand as
            they stand in its files, else 0.
    """

    name: str
    video: Video
    tags: tuple[str, ...] = ()
    counts_from: int = 0


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What is known of a whole export, for its notes.

    Attributes:
        attributes: columns of the tables, beside frame, x, y, w, h.
        absent: frames in which the target is known not to be.
        unknown: further frames without a true box.
        counts_from: as in :class:`NamedVideo`.
    """

    attributes: tuple[str, ...] = ()
    absent: int = 0
    unknown: int = 0
    counts_from: int = 0


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One toolkit's layout.

    A new one is a module with such an object, named in :mod:`trackbench.datasets.export.layouts`.

    Attributes:
        id: its name on the command line.
        description: one line.
        folder: data set -> the folder in which the sequences lie; "" for the export's own.
        images: the folder of the frames in a sequence's; "" for the sequence's own.
        digits: of a frame's number, which begins at 1. A sequence with more frames than these
            digits can count is refused, for its files would not sort.
        suffixes: of the images, in the order of :class:`ImageFormat`. Where readers look for one
            suffix alone, both are that one.
        annotate: (sequence, format of its images) -> the text files beside the frames.
            Raises :class:`~trackbench.errors.TrackbenchError` where they cannot tell an attribute.
        notes: what is known of an export -> what should be known of it.
        opened_with: (export's folder, data set) -> how a program opens it.
        scoring: how the toolkit's numbers relate to trackbench's.
        origin: the number of the first pixel in the layout's own files.
        beside: files beside the sequences, besides ``list.txt``: name -> their content, from the
            folder of the sequences and, in order, their names and tags.
        schema: of what is written; it changes where an export that was begun by an earlier
            trackbench cannot be gone on with.
    """

    id: str
    description: str
    folder: Callable[[DatasetSpec], str]
    images: str
    digits: int
    suffixes: tuple[str, str]
    annotate: Callable[[NamedVideo, ImageFormat], TextFiles]
    notes: Callable[[Summary], tuple[str, ...]]
    opened_with: Callable[[str, DatasetSpec], str]
    scoring: str
    origin: int = 0
    beside: Mapping[str, Callable[[Path, Mapping[str, tuple[str, ...]]], str]] = field(
        default_factory=dict
    )
    schema: int = 1

    def suffix(self, image: ImageFormat) -> str:
        """Return the suffix of an image, with the dot."""
        return self.suffixes[list(ImageFormat).index(image)]

    def frame_name(self, number: int, image: ImageFormat) -> str:
        """Return the file name of frame ``number``, which begins at 1."""
        return f"{number:0{self.digits}d}{self.suffix(image)}"

    @property
    def longest(self) -> int:
        """The most frames of a sequence."""
        return int(10**self.digits) - 1


def box_lines(boxes: Boxes, *, decimals: int) -> str:
    """Return a line ``x,y,w,h`` for each of the boxes (T, 4).

    Numbers have the fewest digits that are read back as the same float64, but at least so many
    decimals, and never an exponent. Where there is no box it is ``nan,nan,nan,nan``.
    """
    return lines(",".join(decimal(value, decimals) for value in box) for box in boxes.tolist())


def decimal(value: float, decimals: int = 0) -> str:
    """Return a number that is read back as the same float64 or integer; see :func:`box_lines`."""
    if isinstance(value, int):  # of 64 bits, it may be none that a float64 can hold
        return str(value)
    if not decimals:
        return np.format_float_positional(value, trim="-")
    return np.format_float_positional(value, trim="k", min_digits=decimals)


def lines(items: Iterable[object]) -> str:
    """Return the items, one a line, with a line break after each."""
    return "".join(f"{item}\n" for item in items)
