"""The layouts of Need for Speed (Kiani Galoogahi et al., ICCV 2017).

As its authors hand it out:

* ``SEQ/30/SEQ.txt`` and images in ``SEQ/30/SEQ``; the same with 240. ``30`` is what trackers are
  published with.
* A row is that of the tool VATIC: track, left, top, right, bottom, frame, lost, occluded, ...;
  or it is the four corners alone. The width is right - left.
* Rows of 240 frames a second with images of 30: every eighth row is used. A row or an image more
  at the end is left out. Both are in the notes.

As trackers' authors pack it anew: ``sequences/SEQ/%05d.jpg`` and ``anno/nfs_SEQ.txt``, rows of
left, top, width, height; 30 frames a second.
"""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.box_rows import BoxFormat, boxes_of_rows
from trackbench.datasets.readers.box_sequence import box_sequence
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.images import list_images, natural_order, subfolders
from trackbench.datasets.readers.inside import check_inside
from trackbench.datasets.readers.reader import Reader, Request
from trackbench.datasets.readers.text_file import numbers_of, read_lines, read_numbers

_SPLITS = ("30", "240")
_RATIO = 8
_CORNERS = slice(1, 5)
_FRAME, _LOST, _OCCLUDED = 5, 6, 7
_COLUMNS = 9


def _list_videos(asked: Request) -> list[VideoSource]:
    packed = (asked.root / "anno").is_dir()
    if packed and asked.split != "30":
        raise data_error(asked.root, "is packed anew, with 30 frames a second: choose the split 30")
    files = _packed_files(asked.root) if packed else _files(asked.root, asked.split)
    if not files:
        raise data_error(asked.root, f"has no SEQUENCE/{asked.split}/SEQUENCE.txt")
    return [
        VideoSource(
            name=name,
            root=asked.root,
            annotations=(path,),
            settings=asked.settings,
            reading=partial(_read_packed if packed else _read, asked, name, path),
        )
        for name, path in files
    ]


def _files(root: Path, rate: str) -> list[tuple[str, Path]]:
    found = []
    for name in subfolders(root, root):
        check_inside(root, root / name / rate)
        every = sorted((root / name / rate).glob("*.txt"))
        texts = [path for path in every if not path.name.startswith(".")]
        if not texts and any((root / name / each).is_dir() for each in _SPLITS):
            texts = [root / name / rate / f"{name}.txt"]  # reading says that it is missing
        found += [(path.stem, path) for path in texts]
    return found


def _packed_files(root: Path) -> list[tuple[str, Path]]:
    check_inside(root, root / "anno")
    files = [path for path in (root / "anno").glob("*.txt") if not path.name.startswith(".")]
    named = [(path.stem.removeprefix("nfs_"), path) for path in files]
    there = {name for name, _ in named}
    if (root / "sequences").is_dir():
        without = [each for each in subfolders(root, root / "sequences") if each not in there]
        named += [(name, root / "anno" / f"nfs_{name}.txt") for name in without]
    return sorted(named, key=lambda pair: natural_order(pair[0]))


def _read_packed(asked: Request, name: str, path: Path) -> AnnotatedVideo:
    images = list_images(asked.root, asked.root / "sequences" / name)
    rows = read_numbers(asked.root, path, columns=4)
    step = _step(len(rows), len(images))
    notes = _noted(len(rows)) if step > 1 else ()
    return box_sequence(asked, name, path, images, rows=rows[::step], notes=notes)


def _read(asked: Request, name: str, path: Path) -> AnnotatedVideo:
    images = list_images(asked.root, path.parent / name)
    rows, attributes = _vatic(asked.root, path)
    notes: tuple[str, ...] = ()
    if _step(len(rows), len(images)) > 1:
        notes = _noted(len(rows))
        rows = rows[::_RATIO]
        attributes = {key: values[::_RATIO] for key, values in attributes.items()}
    return box_sequence(
        asked,
        name,
        path,
        images,
        rows=rows,
        form=BoxFormat.XYXY,
        attributes=attributes,
        notes=notes,
    )


def _step(rows: int, images: int) -> int:
    """Return of how many rows one is used: of rows of 240 frames a second for images of 30."""
    every_eighth = -(-rows // _RATIO)
    return _RATIO if rows > images + 1 and abs(every_eighth - images) <= 1 else 1


def _noted(rows: int) -> tuple[str, ...]:
    return (f"{rows:,} rows of 240 frames a second: every eighth is used",)


def _vatic(root: Path, path: Path) -> tuple[NDArray[np.float64], dict[str, NDArray[Any]]]:
    """Return corners (N, 4), and what else is said of the frames."""
    corners, flags = [], []
    last = -math.inf
    for number, line in enumerate(read_lines(root, path), 1):
        # the label behind the numbers is in quotes, and may have blanks in it
        numbers = numbers_of(line.partition('"')[0], path, number)
        if len(numbers) == 4:
            corners.append(numbers)
        elif len(numbers) >= _COLUMNS:
            if numbers[_FRAME] <= last:
                raise data_error(path, f"is of frame {numbers[_FRAME]:g}, after {last:g}", number)
            last = numbers[_FRAME]
            corners.append(numbers[_CORNERS])
            flags.append((numbers[_LOST] != 0, numbers[_OCCLUDED] != 0))
        else:
            raise data_error(
                path, f"{len(numbers)} numbers, neither 4 corners nor VATIC's 9", number
            )
    if flags and len(flags) != len(corners):
        raise data_error(path, "has rows of 4 corners and rows of VATIC's mixed")
    named = dict(zip(("lost", "occluded"), np.array(flags, np.bool_).reshape(-1, 2).T, strict=True))
    rows = np.array(corners, np.float64).reshape(-1, 4)
    boxes_of_rows(rows, path, form=BoxFormat.XYXY)  # while a row is a line: errors say which
    return rows, named if flags else {}


def _signs(path: Path) -> tuple[str, ...]:
    if (path / "sequences").is_dir() and any((path / "anno").glob("nfs_*.txt")):
        return ("sequences and anno/nfs_*.txt",)
    for rate in ("30", "240"):
        found = _files(path, rate)
        if found:
            return (f"{found[0][1].relative_to(path)}",)
    return ()


NFS = Reader(
    id="nfs",
    description="Need for Speed: SEQUENCE/30 and SEQUENCE/240, or sequences and anno",
    tree="SEQUENCE/{30,240}/SEQUENCE.txt\nSEQUENCE/{30,240}/SEQUENCE/00001.jpg\n"
    "or anno/nfs_SEQUENCE.txt sequences/SEQUENCE/00001.jpg",
    splits=_SPLITS,
    form=BoxFormat.XYXY,
    counts_from=None,
    counting="not said; every reader hands the numbers on as they stand",
    reference="Kiani Galoogahi et al., Need for Speed, ICCV 2017; got10k 0.1.3; pytracking",
    list_videos=_list_videos,
    signs=_signs,
)
"""Need for Speed."""
