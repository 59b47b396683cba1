"""GOT-10k's layout (Huang, Zhao and Huang, arXiv 1810.11981), as its toolkit 0.1.3 reads it.

* The order is that of ``list.txt``.
* A target that is absent has a row of -1, or a width or height of 0; a row of NaN, which our own
  exports have, says that nobody knows. ``absence.label`` is handed on as the attribute ``absence``:
  a box that stands in the file stands.
* ``cover.label`` is 0 to 8. The attribute ``visibility`` is the middle of its interval (0, (0, 15],
  ... (90, 100), 100 %), which scores need to leave out frames that show nothing of the target.
* ``test`` has the first row alone: it runs and is not scored.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.box_rows import NoBox, boxes_of_rows
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.images import list_images
from trackbench.datasets.readers.matching import as_long, match
from trackbench.datasets.readers.name_list import listed_names
from trackbench.datasets.readers.reader import Reader, Request
from trackbench.datasets.readers.text_file import (
    read_flags,
    read_lines,
    read_numbers,
    read_values,
)

_SPLITS = ("val", "train", "test")
_LABELS = ("cover", "absence", "cut_by_image")
_VISIBILITY = np.array([0.0, 0.075, 0.225, 0.375, 0.525, 0.675, 0.825, 0.95, 1.0])
_TAGS = ("object_class", "motion_class", "major_class", "root_class", "motion_adverb")


def _list_videos(asked: Request) -> list[VideoSource]:
    folder = asked.root / asked.split
    return [
        VideoSource(
            name=name,
            root=asked.root,
            annotations=_annotations(folder / name),
            settings=asked.settings,
            reading=partial(_read, asked, name),
        )
        for name in listed_names(asked.root, folder / "list.txt")
    ]


def _annotations(folder: Path) -> tuple[Path, ...]:
    others = (*(f"{label}.label" for label in _LABELS), "meta_info.ini")
    return (folder / "groundtruth.txt", *(folder / name for name in others))


def _read(asked: Request, name: str) -> AnnotatedVideo:
    folder = asked.root / asked.split / name
    boxes = folder / "groundtruth.txt"
    rows = read_numbers(asked.root, boxes, columns=4)
    truth = boxes_of_rows(rows, boxes, origin=asked.origin, nan=NoBox.UNKNOWN)
    labels, notes = as_long(_labels(asked.root, folder), len(rows))
    return match(
        AnnotatedVideo(
            name=name,
            images=list_images(asked.root, folder),
            boxes=truth.boxes,
            absent=truth.absent,
            rows=truth.rows,
            attributes=labels,
            tags=_tags(asked.root, folder / "meta_info.ini"),
            notes=notes,
        ),
        boxes,
    )


def _labels(root: Path, folder: Path) -> dict[str, NDArray[Any]]:
    labels: dict[str, NDArray[Any]] = {}
    for name in _LABELS:
        path = folder / f"{name}.label"
        if not path.exists():
            continue
        if name != "cover":
            labels[name] = read_flags(root, path)
            continue
        values = read_values(root, path)
        levels = values.astype(np.int64, casting="unsafe") if np.isfinite(values).all() else None
        if levels is None or ((values < 0) | (values > 8) | (values != levels)).any():
            raise data_error(path, "has a level of cover that is none of 0 to 8")
        labels["cover"], labels["visibility"] = levels, _VISIBILITY[levels]
    return labels


def _tags(root: Path, path: Path) -> tuple[str, ...]:
    """Return what meta_info.ini says of the sequence, but for what is unknown."""
    if not path.exists():
        return ()
    pairs = [line.partition(":") for line in read_lines(root, path, words=True)]
    said = {key.strip(): value.strip() for key, _, value in pairs}
    return tuple(f"{key}: {said[key]}" for key in _TAGS if said.get(key, "unknown") != "unknown")


def _signs(path: Path) -> tuple[str, ...]:
    there = [split for split in _SPLITS if (path / split / "list.txt").is_file()]
    return tuple(f"{split}/list.txt" for split in there)


GOT10K = Reader(
    id="got10k",
    description="GOT-10k: val, train and test, each with list.txt",
    tree="{train,val,test}/list.txt\n"
    "{train,val,test}/SEQUENCE/00000001.jpg groundtruth.txt absence.label cover.label ...",
    splits=_SPLITS,
    counts_from=None,
    counting="its authors call the annotations 1-based, its evaluation clips them to 0..W; its "
    "toolkit hands them on as they stand",
    reference="Huang, Zhao and Huang, arXiv 1810.11981; got10k 0.1.3",
    list_videos=_list_videos,
    signs=_signs,
)
"""GOT-10k, and what is exported in its layout."""
