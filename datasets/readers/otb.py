"""OTB's layout (Wu, Lim and Yang, CVPR 2013 and PAMI 2015).

* Some sequences are a part of their images, and rows are of that part: David 300-770,
  Football1 1-74, Freeman3 1-460, Freeman4 1-283, Diving 1-215. So it is in OTB's own list
  (``configSeqs.m``) and in every reader. Where the rows are for all images, these are all used.
* Image numbers begin where they begin: BlurCar1 at 247, BlurCar3 at 3, BlurCar4 at 18. Board's have
  five digits. Rows go with images in their order.
* Jogging and Skating2 have two targets, ``groundtruth_rect.1.txt`` and ``.2.txt``: the sequences
  ``Jogging.1`` and ``Jogging.2`` (got10k's names), as are folders Jogging-1 or Jogging_1. Human4's
  first file is empty, and its second is the sequence ``Human4``.
* Numbers are parted by commas, tabs or blanks, by sequence.
* ``otb100``, ``otb50`` and ``otb2013`` are the sequences that its authors named so; ``all`` is what
  lies in the folder. The attributes that they gave whole sequences (OCC: occlusion, ...) are tags;
  both are in ``data/otb.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.box_rows import boxes_of_rows
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.images import list_images, number_of, subfolders
from trackbench.datasets.readers.inside import check_inside
from trackbench.datasets.readers.matching import match
from trackbench.datasets.readers.reader import Reader, Request
from trackbench.datasets.readers.text_file import read_lines, read_numbers
from trackbench.printing.amounts import counted

_END = 10**9

_PARTS = {
    "david": (300, 770),
    "football1": (1, 74),
    "freeman3": (1, 460),
    "freeman4": (1, 283),
    "diving": (1, 215),
    "blurcar1": (247, _END),
    "blurcar3": (3, _END),
    "blurcar4": (18, _END),
}
"""First and last image, by the name in small letters."""

_TARGETS = {"Jogging": 2, "Skating2": 2}
_ONE_TARGET = re.compile(r"(Jogging|Skating2|Human4)[-_.]([12])")
"""A folder of its own for each target, as some pack them."""
_DATA = Path(__file__).parent / "data" / "otb.txt"

_BOXES = re.compile(r"groundtruth_rect(?:\.(\d+))?\.txt")


@dataclass(frozen=True)
class _Known:
    """What is known of a sequence: the splits it is in, and its attributes."""

    splits: tuple[str, ...]
    attributes: tuple[str, ...]


def _known() -> dict[str, _Known]:
    lines = [line.split() for line in _DATA.read_text(encoding="utf-8").splitlines()]
    return {
        name: _Known(tuple(splits.split(",")), tuple(attributes.split(",")))
        for name, splits, attributes in lines
    }


def _list_videos(asked: Request) -> list[VideoSource]:
    known, found = _known(), []
    for folder in subfolders(asked.root, asked.root):
        base, target = _named(folder)
        about = known.get(base, _Known((), ()))
        if asked.split != "all" and asked.split not in about.splits:
            continue
        files = _box_files(asked.root, folder)
        for number, path in files:
            name = base if len(files) == 1 else f"{base}.{number}"
            name = f"{base}.{target}" if target else name
            found.append(
                VideoSource(
                    name=name,
                    root=asked.root,
                    annotations=(path,),
                    settings=asked.settings,
                    reading=partial(_read, asked, name, path, about.attributes),
                )
            )
    if not found:
        of = "" if asked.split == "all" else f" of {asked.split}"
        raise data_error(asked.root, f"has no sequence{of} (SEQUENCE/groundtruth_rect.txt)")
    return found


def _named(folder: str) -> tuple[str, str]:
    """Return the sequence, and its target, of a folder that is one of several of a sequence.

    Jogging-1 and Jogging_1 are Jogging.1, and Human4-2 is Human4; other names are what they are.
    """
    found = _ONE_TARGET.fullmatch(folder)
    if found is None:
        return folder, ""
    return found[1], found[2] if found[1] in _TARGETS else ""


def _box_files(root: Path, name: str) -> list[tuple[int, Path]]:
    """Return the files with boxes, by the number of the target.

    Where there are images alone it is the file that should be there: reading says that it is not.
    """
    folder = check_inside(root, root / name)
    found = []
    for path in folder.iterdir():
        named = _BOXES.fullmatch(path.name)
        if named and not (name == "Human4" and named[1] == "1" and _is_empty(root, path)):
            found.append((int(named[1] or 0), path))
    if not found and (folder / "img").is_dir():
        return [(0, folder / "groundtruth_rect.txt")]
    return sorted(found)


def _is_empty(root: Path, path: Path) -> bool:
    return not any(line.strip() for line in read_lines(root, path))


def _expected(split: str) -> tuple[str, ...]:
    if split == "all":
        return ()
    names = []
    for name, about in _known().items():
        if split in about.splits:
            targets = range(1, _TARGETS.get(name, 0) + 1)
            names += [f"{name}.{target}" for target in targets] or [name]
    return tuple(names)


def _read(asked: Request, name: str, path: Path, tags: tuple[str, ...]) -> AnnotatedVideo:
    rows = read_numbers(asked.root, path, columns=4)
    truth = boxes_of_rows(rows, path, origin=asked.origin)
    every = list_images(asked.root, path.parent / "img")
    images = _part(path.parent.name, every, len(rows))
    video = AnnotatedVideo(
        name=name,
        images=images,
        boxes=truth.boxes,
        absent=truth.absent,
        rows=truth.rows,
        tags=tags,
    )
    if len(images) < len(every):
        first, last = _PARTS[path.parent.name.lower()]
        note = (
            f"{counted(len(every), 'image')}, {counted(len(rows), 'row')}: images {first} to "
            f"{number_of(images[-1]) if images else last} are the sequence, as OTB defines it; "
            f"{len(every) - len(images)} left out"
        )
        video = replace(video, notes=(note,))
    return match(video, path, first_is_known=path.parent.name.lower() in _PARTS)


def _part(folder: str, images: Sequence[Path], rows: int) -> Sequence[Path]:
    """Return the images that are the sequence, where that is a part of them."""
    first, last = _PARTS.get(folder.lower(), (0, 0))
    if not last or rows == len(images):
        return images
    return tuple(image for image in images if first <= (number_of(image) or 0) <= last)


def _signs(path: Path) -> tuple[str, ...]:
    for folder in sorted(path.iterdir()):
        if (folder / "img").is_dir() and any(folder.glob("groundtruth_rect*.txt")):
            return (f"{folder.name}/groundtruth_rect.txt and {folder.name}/img",)
    return ()


OTB = Reader(
    id="otb",
    description="OTB-50, OTB-100: SEQUENCE/img and groundtruth_rect.txt",
    tree="SEQUENCE/img/0001.jpg\nSEQUENCE/groundtruth_rect.txt (or .1.txt, .2.txt)",
    splits=("all", "otb100", "otb50", "otb2013"),
    counts_from=1,
    counting="OTB counts from 1, as MATLAB does; got10k, pytracking and VOT's readers hand the "
    "numbers on as they stand, and published numbers are of that",
    reference="Wu, Lim and Yang, Object Tracking Benchmark, PAMI 2015",
    list_videos=_list_videos,
    signs=_signs,
    expected=_expected,
)
"""OTB, and what is exported in its layout (with origin 1, which the card says)."""
