"""Images and rows put together, and in words what they disagree about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.readers.annotated_video import AnnotatedVideo
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.images import gap, number_of
from trackbench.datasets.readers.video_file import VideoFile
from trackbench.printing.amounts import counted


def match(
    video: AnnotatedVideo,
    path: Path,
    *,
    missing_rows_are_unknown: bool = False,
    first_is_known: bool = False,
) -> AnnotatedVideo:
    """Return a video with as many images as rows, that begins with a box.

    * One row for several images: the truth ends with frame 0; the video runs and is not scored.
    * More images than rows: the last images are left out (or, in VOT's layout, unknown).
    * More rows than images: the last rows are left out.
    * No box in the first frames: these are left out, for a tracker begins with a box.

    What is done is added to the notes.

    Args:
        video: with R rows and T images; ``boxes``, ``absent``, and the rest have R rows.
        path: of the file of boxes, for messages.
        missing_rows_are_unknown: as in VOT's layout.
        first_is_known: the layout says which image the first row is of. Otherwise, where counts
            differ, images have to begin at 0 or 1, for those before may be missing.

    Raises:
        DataError: there is no row, no image, no box, or an image is missing before others.
    """
    rows, images = len(video.boxes), _length(video, path)
    if not rows:
        raise data_error(path, "is empty: there is no box to begin with")
    alone = rows == 1 < images
    if rows != images and not (alone and first_is_known):
        _check_no_hole(video, path, images, first_is_known)
    if rows != images and not alone:
        video = _fitted(video, images, missing_rows_are_unknown)
    known = np.flatnonzero(~np.isnan(video.boxes).any(axis=1))
    if not known.size:
        raise data_error(path, "has no box in any row: there is nothing to begin with")
    if alone:
        return _first_row_only(video, images)
    first = int(known[0])
    if first and isinstance(video.images, VideoFile):
        raise data_error(path, f"begins with {counted(first, 'row')} without a box: cut the video")
    if first:
        note = f"the first {counted(first, 'frame')} left out: no box to begin with"
        video = _noted(cut(video, first, len(video)), note)
    return video


def cut(video: AnnotatedVideo, start: int, stop: int) -> AnnotatedVideo:
    """Return the frames ``start`` to ``stop - 1`` of a video of images."""
    images = video.images
    return replace(
        video,
        images=images if isinstance(images, VideoFile) else images[start:stop],
        boxes=video.boxes[start:stop],
        absent=video.absent[start:stop],
        rows=None if video.rows is None else video.rows[start:stop],
        attributes={name: values[start:stop] for name, values in video.attributes.items()},
        masks=video.masks and video.masks.part(start, stop),
        polygons=video.polygons[start:stop],
    )


def as_long(
    attributes: Mapping[str, NDArray[Any]], rows: int
) -> tuple[dict[str, NDArray[Any]], tuple[str, ...]]:
    """Return the attributes that have a value a row, and notes on those that have not."""
    fitting = {name: values for name, values in attributes.items() if len(values) == rows}
    notes = tuple(
        f"{name} left out: {counted(len(values), 'value')} for {counted(rows, 'row')}"
        for name, values in attributes.items()
        if len(values) != rows
    )
    return fitting, notes


def _length(video: AnnotatedVideo, path: Path) -> int:
    images = video.images
    if isinstance(images, VideoFile):
        return images.count()
    if not images:
        raise data_error(path, f"is of {video.name}, of which there is no image")
    return len(images)


def _first_row_only(video: AnnotatedVideo, images: int) -> AnnotatedVideo:
    boxes = np.full((images, 4), np.nan)
    boxes[0] = video.boxes[0]
    whole = replace(
        video,
        boxes=boxes,
        absent=np.zeros(images, np.bool_),
        rows=None,
        attributes={},
        masks=None,
        polygons=(),
        scored=False,
    )
    return _noted(whole, f"the truth is of frame 0 alone, of {images:,}: run, not scored")


def _check_no_hole(video: AnnotatedVideo, path: Path, images: int, first_is_known: bool) -> None:
    """Make sure that rows are not shifted against images where their counts differ."""
    if isinstance(video.images, VideoFile):
        lost = video.images.lost()
        if lost:
            raise data_error(
                video.images.path,
                f"lacks {counted(lost, 'frame')} that its header counts, and {path.name} has "
                f"{counted(len(video.boxes), 'row')} for {images:,}: it is damaged",
            )
        return
    first = number_of(video.images[0])
    hole = gap(video.images)
    if hole is None and not first_is_known and first is not None and first > 1:
        hole = f"before {video.images[0].name}"
    if hole:
        raise data_error(
            path,
            f"{counted(len(video.boxes), 'row')} for {counted(images, 'image')}, and an image is "
            f"missing {hole}: it cannot be said which row is of which image",
        )


def _fitted(video: AnnotatedVideo, images: int, pad: bool) -> AnnotatedVideo:
    rows = len(video.boxes)
    of_images, of_rows = counted(images, "image"), counted(rows, "row")
    if rows > images:
        note = f"{of_images}, {of_rows}: the last {counted(rows - images, 'row')} left out"
        return _noted(cut(video, 0, images), note)
    if not pad:
        note = f"{of_images}, {of_rows}: the last {counted(images - rows, 'image')} left out"
        return _noted(cut(video, 0, rows), note)
    note = f"{of_images}, {of_rows}: the target is unknown in the last {images - rows}"
    return _noted(_padded(video, images - rows), note)


def _padded(video: AnnotatedVideo, more: int) -> AnnotatedVideo:
    attributes, left = {}, []
    for name, values in video.attributes.items():
        if values.dtype.kind == "b":
            attributes[name] = np.concatenate([values, np.zeros(more, np.bool_)])
        elif values.dtype.kind == "f":
            attributes[name] = np.concatenate([values, np.full(more, np.nan)])
        else:
            left.append(f"{name} left out: it has no value where the target is unknown")
    return replace(
        video,
        boxes=np.concatenate([video.boxes, np.full((more, 4), np.nan)]),
        absent=np.concatenate([video.absent, np.zeros(more, np.bool_)]),
        rows=None
        if video.rows is None
        else np.concatenate([video.rows, np.full((more, 4), np.nan)]),
        attributes=attributes,
        masks=video.masks and video.masks.part(0, len(video) + more),
        polygons=video.polygons and (*video.polygons, *([None] * more)),
        notes=(*video.notes, *left),
    )


def _noted(video: AnnotatedVideo, note: str) -> AnnotatedVideo:
    return replace(video, notes=(*video.notes, note))
