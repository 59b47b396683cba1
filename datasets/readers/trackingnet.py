"""TrackingNet's layout (Mueller et al., ECCV 2018).

* ``TEST`` and ``TRAIN_0`` to ``TRAIN_11``, each with ``anno/ID.txt`` and ``frames/ID/N.jpg``. The
  numbers are not padded: 2.jpg comes before 10.jpg.
* ``test`` has the first row alone: it runs and is not scored.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.box_sequence import box_sequence
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.images import list_images, natural_order, subfolders
from trackbench.datasets.readers.inside import check_inside
from trackbench.datasets.readers.reader import Reader, Request

_PARTS = {"test": ("TEST",), "train": tuple(f"TRAIN_{number}" for number in range(12))}


def _list_videos(asked: Request) -> list[VideoSource]:
    parts = [part for part in _PARTS[asked.split] if (asked.root / part / "anno").is_dir()]
    found = [
        VideoSource(
            name=path.stem,
            root=asked.root,
            annotations=(path,),
            settings=asked.settings,
            reading=partial(_read, asked, path),
        )
        for part in parts
        for path in _annotations(asked.root, asked.root / part / "anno")
    ]
    if not found:
        raise data_error(asked.root, f"has no {_PARTS[asked.split][0]}/anno with files in it")
    return found


def _annotations(root: Path, folder: Path) -> list[Path]:
    """Return the files of boxes, and of frames without one that which is missing."""
    check_inside(root, folder)
    names = {path.name for path in folder.glob("*.txt") if not path.name.startswith(".")}
    frames = folder.with_name("frames")
    if frames.is_dir():
        names |= {f"{name}.txt" for name in subfolders(root, frames)}
    return [folder / name for name in sorted(names, key=natural_order)]


def _read(asked: Request, path: Path) -> AnnotatedVideo:
    frames = path.parent.with_name("frames") / path.stem
    return box_sequence(asked, path.stem, path, list_images(asked.root, frames))


def _signs(path: Path) -> tuple[str, ...]:
    parts = [part for each in _PARTS.values() for part in each]
    there = [part for part in parts if (path / part / "anno").is_dir()]
    return tuple(f"{part}/anno and {part}/frames" for part in there[:2])


TRACKINGNET = Reader(
    id="trackingnet",
    description="TrackingNet: TEST and TRAIN_0 to TRAIN_11, each with anno and frames",
    tree="{TEST,TRAIN_0,...,TRAIN_11}/anno/ID.txt\n{TEST,TRAIN_0,...}/frames/ID/0.jpg 1.jpg ...",
    splits=tuple(_PARTS),
    counts_from=None,
    counting="not said; every reader hands the numbers on as they stand",
    reference="Mueller et al., TrackingNet, ECCV 2018; got10k 0.1.3",
    list_videos=_list_videos,
    signs=_signs,
)
"""TrackingNet."""
