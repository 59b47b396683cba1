"""TNL2K's layout (Wang et al., CVPR 2021).

* ``SEQ/imgs/*`` in the order of their names, ``groundtruth.txt``, ``language.txt`` (a tag).
* Archives are unpacked side by side or into a folder each: both are read.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.box_sequence import box_sequence
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.images import list_images, natural_order, subfolders
from trackbench.datasets.readers.reader import Reader, Request
from trackbench.datasets.readers.text_file import read_lines, read_numbers


def _list_videos(asked: Request) -> list[VideoSource]:
    folders = _folders(asked.root)
    if not any((folder / "imgs").is_dir() for folder in folders):
        raise data_error(asked.root, "has no SEQUENCE/imgs with a groundtruth.txt beside it")
    return [
        VideoSource(
            name=folder.name,
            root=asked.root,
            annotations=(folder / "groundtruth.txt", folder / "language.txt"),
            settings=asked.settings,
            reading=partial(_read, asked, folder),
        )
        for folder in folders
    ]


def _folders(root: Path) -> list[Path]:
    found = []
    for name in subfolders(root, root):
        if _is_sequence(root / name):
            found.append(root / name)
        else:
            inner = (root / name / each for each in subfolders(root, root / name))
            found += [folder for folder in inner if _is_sequence(folder)]
    return sorted(found, key=lambda folder: natural_order(folder.name))


def _is_sequence(folder: Path) -> bool:
    """Whether there are images or boxes: where one is missing, reading says so."""
    return (folder / "imgs").is_dir() or (folder / "groundtruth.txt").exists()


def _read(asked: Request, folder: Path) -> AnnotatedVideo:
    spoken = folder / "language.txt"
    said = read_lines(asked.root, spoken, words=True) if spoken.exists() else []
    return box_sequence(
        asked,
        folder.name,
        folder / "groundtruth.txt",
        list_images(asked.root, folder / "imgs"),
        tags=tuple(f"language: {line}" for line in said[:1]),
    )


def _signs(path: Path) -> tuple[str, ...]:
    for folder in _folders(path):
        boxes = folder / "groundtruth.txt"
        # VOT has polygons in folders like these
        there = (folder / "imgs").is_dir() and boxes.is_file()
        if there and read_numbers(path, boxes).shape[1] == 4:
            reasons = [f"{folder.relative_to(path)}/imgs and groundtruth.txt"]
            if (folder / "language.txt").is_file():
                reasons.append("language.txt")
            return tuple(reasons)
    return ()


TNL2K = Reader(
    id="tnl2k",
    description="TNL2K: SEQUENCE/imgs, groundtruth.txt and language.txt",
    tree="SEQUENCE/imgs/00001.jpg\nSEQUENCE/groundtruth.txt language.txt",
    counts_from=None,
    counting="not said; every reader hands the numbers on as they stand",
    reference="Wang et al., Towards More Flexible and Accurate Object Tracking with Natural "
    "Language, CVPR 2021",
    list_videos=_list_videos,
    signs=_signs,
)
"""TNL2K."""
