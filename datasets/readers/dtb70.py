"""DTB70's layout (Li and Yeung, AAAI 2017), which is OTB's with one target a folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.box_sequence import box_sequence
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.images import list_images, subfolders
from trackbench.datasets.readers.reader import Reader, Request

_BOXES = "groundtruth_rect.txt"
_ITS_OWN = frozenset(
    {"BMX4", "ChasingDrones", "Gull1", "Kiting", "ManRunning1", "ParaGliding3", "SUP2", "Sheep1"}
    | {"SkateBoarding4", "SnowBoarding2", "SpeedCar2", "StreetBasketball1", "Vaulting", "Zebra"}
)
"""Sequences that OTB does not have."""


def _list_videos(asked: Request) -> list[VideoSource]:
    found = [
        VideoSource(
            name=name,
            root=asked.root,
            annotations=(asked.root / name / _BOXES,),
            settings=asked.settings,
            reading=partial(_read, asked, name),
        )
        for name in subfolders(asked.root, asked.root)
        if _is_sequence(asked.root / name)
    ]
    if not found:
        raise data_error(asked.root, f"has no SEQUENCE/{_BOXES}")
    return found


def _is_sequence(folder: Path) -> bool:
    """Whether there are images or boxes: where one is missing, reading says so."""
    return (folder / _BOXES).exists() or (folder / "img").is_dir()


def _read(asked: Request, name: str) -> AnnotatedVideo:
    folder = asked.root / name
    return box_sequence(asked, name, folder / _BOXES, list_images(asked.root, folder / "img"))


def _signs(path: Path) -> tuple[str, ...]:
    there = [name for name in subfolders(path, path) if (path / name / _BOXES).is_file()]
    own = [name for name in there if name in _ITS_OWN]
    return (f"{own[0]}/{_BOXES}", f"{own[0]} is one of its sequences") if own else ()


DTB70 = Reader(
    id="dtb70",
    description="DTB70: SEQUENCE/img and groundtruth_rect.txt, from drones",
    tree="SEQUENCE/img/00001.jpg\nSEQUENCE/groundtruth_rect.txt",
    counts_from=None,
    counting="not said; every reader hands the numbers on as they stand",
    reference="Li and Yeung, Visual Object Tracking for Unmanned Aerial Vehicles, AAAI 2017",
    list_videos=_list_videos,
    signs=_signs,
)
"""DTB70."""
