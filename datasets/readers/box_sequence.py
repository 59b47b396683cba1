"""A sequence with images and one file of boxes, which is what most layouts come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.readers.annotated_video import AnnotatedVideo
from trackbench.datasets.readers.box_rows import BoxFormat, boxes_of_rows
from trackbench.datasets.readers.matching import as_long, match
from trackbench.datasets.readers.reader import Request
from trackbench.datasets.readers.text_file import read_flags, read_numbers


def box_sequence(
    asked: Request,
    name: str,
    path: Path,
    images: Sequence[Path],
    *,
    rows: NDArray[np.float64] | None = None,
    form: BoxFormat = BoxFormat.XYWH,
    attributes: Mapping[str, NDArray[Any]] | None = None,
    tags: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    first_is_known: bool = False,
) -> AnnotatedVideo:
    """Return a sequence.

    Args:
        asked: the data folder, and the origin.
        name: of the sequence.
        path: of its file of boxes.
        images: in order.
        rows: of ``path``, if it has others than four numbers a line.
        form: what the four numbers are.
        attributes: name -> a value a row; others are left out, with a note.
        tags: of the whole sequence.
        notes: on what was done so far.
        first_is_known: the layout says which image the first row is of.

    Raises:
        DataError: the boxes cannot be read, or do not go with the images.
    """
    if rows is None:
        rows = read_numbers(asked.root, path, columns=4)
    truth = boxes_of_rows(rows, path, form=form, origin=asked.origin)
    fitting, left = as_long(attributes or {}, len(rows))
    return match(
        AnnotatedVideo(
            name=name,
            images=images,
            boxes=truth.boxes,
            absent=truth.absent,
            rows=truth.rows,
            attributes=fitting,
            tags=tags,
            notes=(*notes, *left),
        ),
        path,
        first_is_known=first_is_known,
    )


def flags(root: Path, files: Mapping[str, Path]) -> dict[str, NDArray[np.bool_]]:
    """Return attributes of yes and no from files of 0 and 1, of those that are there.

    Raises:
        DataError: one is of something else.
    """
    there = {name: path for name, path in files.items() if path.exists()}
    return {name: read_flags(root, path) for name, path in there.items()}
