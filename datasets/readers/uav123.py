"""The layout of UAV123 and UAV20L (Mueller, Smith and Ghanem, ECCV 2016).

* ``data_seq/UAV123/FOLDER/%06d.jpg`` for both, ``anno/UAV123/SEQ.txt`` and ``anno/UAV20L/SEQ.txt``.
* The 123 sequences are parts of 91 folders: bird1_2 is images 775 to 1477 of bird1. Which parts is
  written in the authors' ``configSeqs.m``, and here in ``data/uav123.txt``.
* A row of NaN: the target is absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.box_sequence import box_sequence
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.images import images_between, list_images, natural_order
from trackbench.datasets.readers.inside import check_inside
from trackbench.datasets.readers.reader import Reader, Request

_DATA = Path(__file__).parent / "data"
_Part = tuple[str, int, int]


def _parts(version: str) -> dict[str, _Part | None]:
    """Return each sequence's folder, first and last image; None: all of the folder of its name."""
    parts: dict[str, _Part | None] = {}
    for line in (_DATA / f"{version.lower()}.txt").read_text(encoding="utf-8").splitlines():
        name, *rest = line.split()
        parts[name] = (rest[0], int(rest[1]), int(rest[2])) if rest else None
    return parts


def _list_videos(version: str, asked: Request) -> list[VideoSource]:
    folder = asked.root / "anno" / version
    check_inside(asked.root, folder)
    files = [path for path in folder.glob("*.txt") if not path.name.startswith(".")]
    if not files:
        raise data_error(folder, "is missing, or has no files of boxes")
    parts = _parts(version)
    return [
        VideoSource(
            name=path.stem,
            root=asked.root,
            annotations=(path,),
            settings=asked.settings,
            reading=partial(_read, asked, path, parts.get(path.stem)),
        )
        for path in sorted(files, key=lambda path: natural_order(path.name))
    ]


def _read(asked: Request, path: Path, part: _Part | None) -> AnnotatedVideo:
    top = asked.root / "data_seq" / "UAV123"
    images: Sequence[Path]
    if part is None:
        images = list_images(asked.root, top / path.stem)
    else:
        folder, first, last = part
        images = images_between(asked.root, top / folder, first, last)
    return box_sequence(asked, path.stem, path, images, first_is_known=part is not None)


def _signs(version: str, path: Path) -> tuple[str, ...]:
    there = (path / "anno" / version).is_dir() and (path / "data_seq").is_dir()
    return (f"anno/{version} and data_seq",) if there else ()


def _expected(version: str, _split: str) -> tuple[str, ...]:
    return tuple(_parts(version))


def _reader(version: str, description: str) -> Reader:
    return Reader(
        id=version.lower(),
        description=description,
        tree=f"data_seq/UAV123/FOLDER/000001.jpg\nanno/{version}/SEQUENCE.txt",
        counts_from=None,
        counting="not said; every reader hands the numbers on as they stand",
        reference="Mueller, Smith and Ghanem, A Benchmark and Simulator for UAV Tracking, ECCV "
        "2016; got10k 0.1.3",
        list_videos=partial(_list_videos, version),
        signs=partial(_signs, version),
        expected=partial(_expected, version),
    )


UAV123 = _reader("UAV123", "UAV123: data_seq and anno/UAV123; 123 parts of 91 videos")
"""UAV123."""

UAV20L = _reader("UAV20L", "UAV20L: data_seq and anno/UAV20L; 20 long videos")
"""UAV20L."""
