"""TColor-128's layout (Liang, Blasch and Ling, TIP 2015).

* ``SEQ/SEQ_gt.txt``, ``SEQ/img/%04d.jpg``, and ``SEQ/SEQ_frames.txt`` with ``first,last``: the
  images of these numbers are the sequence.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.box_sequence import box_sequence
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.images import images_between, list_images, subfolders
from trackbench.datasets.readers.reader import Reader, Request
from trackbench.datasets.readers.text_file import read_numbers, read_values

_BOXES, _RANGE = "_gt.txt", "_frames.txt"


def _list_videos(asked: Request) -> list[VideoSource]:
    found = [
        VideoSource(
            name=path.parent.name,
            root=asked.root,
            annotations=(path, _range_file(path)),
            settings=asked.settings,
            reading=partial(_read, asked, path),
        )
        for path in _files(asked.root)
    ]
    if not found:
        raise data_error(asked.root, "has no SEQUENCE/SEQUENCE_gt.txt")
    return found


def _files(root: Path) -> list[Path]:
    """Return the files of boxes: of a folder the one of its name, or the only one."""
    found = []
    for name in subfolders(root, root):
        own = root / name / f"{name}{_BOXES}"
        every = sorted((root / name).glob(f"*{_BOXES}"))
        if not every and (root / name / "img").is_dir():
            found.append(own)  # reading says that it is missing
        elif own in every or len(every) == 1:
            found.append(own if own in every else every[0])
        elif every:
            raise data_error(root / name, f"has several files of boxes: {every[0].name}, ...")
    return found


def _range_file(path: Path) -> Path:
    return path.with_name(f"{path.name.removesuffix(_BOXES)}{_RANGE}")


def _read(asked: Request, path: Path) -> AnnotatedVideo:
    said = _range_file(path)
    numbers = read_values(asked.root, said)
    if len(numbers) != 2 or (numbers != numbers.round()).any() or not 0 <= numbers[0] <= numbers[1]:
        raise data_error(said, "must be the numbers of the first and the last image: 1,350", 1)
    first, last = int(numbers[0]), int(numbers[1])
    images = images_between(asked.root, path.parent / "img", first, last)
    rows = read_numbers(asked.root, path, columns=4)
    every = len(list_images(asked.root, path.parent / "img"))
    if len(rows) == every != len(images):
        raise data_error(
            path,
            f"has a row for each of {every:,} images, and {said.name} says {first} to {last}: it "
            "cannot be said which row is of which image",
        )
    return box_sequence(asked, path.parent.name, path, images, rows=rows, first_is_known=True)


def _signs(path: Path) -> tuple[str, ...]:
    found = [each for each in _files(path) if _range_file(each).is_file()]
    return (f"{found[0].relative_to(path)} and {_range_file(found[0]).name}",) if found else ()


TC128 = Reader(
    id="tc128",
    description="TColor-128: SEQUENCE/SEQUENCE_gt.txt, SEQUENCE_frames.txt and img",
    tree="SEQUENCE/img/0001.jpg\nSEQUENCE/SEQUENCE_gt.txt SEQUENCE_frames.txt",
    counts_from=None,
    counting="not said; every reader hands the numbers on as they stand",
    reference="Liang, Blasch and Ling, Encoding Color Information for Visual Tracking, TIP 2015",
    list_videos=_list_videos,
    signs=_signs,
)
"""TColor-128."""
