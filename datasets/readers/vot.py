"""The VOT toolkit's layout (vot-toolkit 0.9.0), and the older one of its challenges.

* ``list.txt`` names the sequences; a folder without it is read in natural order. A workspace is
  read in its ``sequences``.
* ``SEQ/sequence`` says where the images are: the channel color, or else depth, or ir, as a pattern
  or a folder. Without it they lie in SEQ, or in its ``color``, ``img`` or ``imgs``.
* ``groundtruth.txt``, or what ``SEQ/sequence`` names as ``groundtruth``; with several targets
  ``groundtruth_ID.txt``, each the sequence ``SEQ.ID``.
* A line is a rectangle, a polygon or a mask (:mod:`trackbench.datasets.readers.vot_region`). NaN,
  even of one number, the code 0, or a missing row: the target is unknown. A mask without a pixel:
  it is absent.
* ``target_absent.tag``, in our own exports, says in which of these frames the target is known to be
  absent. ``anchor.value``, where experiments start a tracker, is an attribute like others.
* ``*.tag`` and ``*.label`` are attributes of yes and no, ``*.value`` of numbers. A shorter file of
  yes and no ends with no, as the toolkit takes it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from trackbench.contracts import Boxes
from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.box_rows import NoBox, Truth, boxes_of_rows
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.images import ImageFiles, has_images, list_images, subfolders
from trackbench.datasets.readers.matching import match
from trackbench.datasets.readers.name_list import listed_names
from trackbench.datasets.readers.reader import PolygonBox, Reader, Request
from trackbench.datasets.readers.text_file import check_points, read_lines
from trackbench.datasets.readers.vot_attributes import attribute_files, read_attributes
from trackbench.datasets.readers.vot_masks import VotMasks
from trackbench.datasets.readers.vot_region import Region, RunLengths, box_of_polygon, region_of

_CHANNELS = ("color", "depth", "ir")
"""As the toolkit chooses them: the first that there is."""

_BOXES = "groundtruth", "groundtruth.txt"
"""What a sequence's description calls the file of its boxes, and how it is called otherwise."""

_PLACES = ("color", "img", "imgs")


def _list_videos(asked: Request) -> list[VideoSource]:
    top = _sequences(asked.root)
    found = []
    for name in _names(asked.root, top):
        folder = top / name
        several = sorted(folder.glob("groundtruth_*.txt"))
        for path in several or [folder / _described(asked.root, folder).get(*_BOXES)]:
            target = path.stem.removeprefix("groundtruth_") if several else ""
            found.append(
                VideoSource(
                    name=f"{name}.{target}" if target else name,
                    root=asked.root,
                    annotations=(path, folder / "sequence", *attribute_files(folder)),
                    settings=asked.settings,
                    reading=partial(_read, asked, f"{name}.{target}" if target else name, path),
                )
            )
    if not found:
        raise data_error(top, "has neither a list.txt nor a folder with a groundtruth.txt")
    return found


def _sequences(root: Path) -> Path:
    inner = root / "sequences"
    return inner if inner.is_dir() and not (root / "list.txt").is_file() else root


def _names(root: Path, top: Path) -> list[str]:
    if (top / "list.txt").is_file():
        return listed_names(root, top / "list.txt")
    names = subfolders(root, top)
    if not any(_has_boxes(top / name) for name in names):
        return []
    # of a folder of images alone reading says that its boxes are missing
    return [name for name in names if _has_boxes(top / name) or _has_images(root, top / name)]


def _has_boxes(folder: Path) -> bool:
    return any(folder.glob("groundtruth*.txt"))


def _has_images(root: Path, folder: Path) -> bool:
    inner = any((folder / name).is_dir() for name in _PLACES)
    return inner or (folder / "sequence").is_file() or has_images(root, folder)


def _read(asked: Request, name: str, path: Path) -> AnnotatedVideo:
    lines = read_lines(asked.root, path)
    check_points(lines, path)
    regions = [region_of(line, path, number) for number, line in enumerate(lines, 1)]
    rows = _rows(regions, asked.polygons)
    truth = boxes_of_rows(rows, path, origin=asked.origin, nan=NoBox.UNKNOWN)
    emptied = [isinstance(region, RunLengths) and not region.extent() for region in regions]
    masks = [region if isinstance(region, RunLengths) else None for region in regions]
    polygons = [
        region - asked.origin if isinstance(region, np.ndarray) else None for region in regions
    ]
    attributes, notes = read_attributes(asked.root, path.parent, len(rows))
    said_absent = attributes.pop("target_absent", np.zeros(len(rows), np.bool_))
    boxless = np.isnan(truth.boxes).any(axis=1)
    has_masks = any(mask is not None for mask in masks)
    if has_masks and asked.origin:
        raise data_error(path, f"has masks, which count from 0: origin={asked.origin} cannot be")
    return match(
        AnnotatedVideo(
            name=name,
            images=_images(asked.root, path.parent),
            boxes=truth.boxes,
            absent=truth.absent | np.array(emptied, np.bool_) | (said_absent & boxless),
            rows=_said(truth, emptied),
            attributes=attributes,
            masks=VotMasks(tuple(masks)) if has_masks else None,
            polygons=tuple(polygons) if any(each is not None for each in polygons) else (),
            notes=notes,
        ),
        path,
        missing_rows_are_unknown=True,
    )


def _said(truth: Truth, emptied: list[bool]) -> Boxes:
    """Return rows (T, 4) in which a target that is known to be absent is a box without a size.

    So the toolkit has a mask without a pixel; our own exports have NaN there, with a tag.
    """
    nothing = np.array(emptied, np.bool_) | np.isnan(truth.rows).any(axis=1)
    return np.where(nothing[:, None], 0.0, truth.rows)


def _rows(regions: list[Region], polygons: PolygonBox) -> Boxes:
    rows = np.full((len(regions), 4), np.nan)
    for row, region in zip(rows, regions, strict=True):
        if isinstance(region, RunLengths):
            row[:] = region.extent() or np.nan
        elif isinstance(region, np.ndarray):
            row[:] = box_of_polygon(region, polygons)
        elif region is not None:
            row[:] = region
    return rows


def _images(root: Path, folder: Path) -> ImageFiles:
    said = _described(root, folder)
    if (folder / "sequence").is_file():
        named = [said[f"channels.{name}"] for name in _CHANNELS if f"channels.{name}" in said]
        # written on Windows, it has backslashes
        pattern = folder / (named[0].replace("\\", "/") if named else "color")
        return list_images(root, pattern.parent if pattern.suffix else pattern)
    for place in _PLACES:
        if (folder / place).is_dir():
            return list_images(root, folder / place)
    return list_images(root, folder)


def _described(root: Path, folder: Path) -> dict[str, str]:
    """Return what the file ``sequence`` says; nothing where there is none."""
    if not (folder / "sequence").is_file():
        return {}
    pairs = [line.partition("=") for line in read_lines(root, folder / "sequence")]
    return {key.strip(): value.strip() for key, _, value in pairs}


def _signs(path: Path) -> tuple[str, ...]:
    top = _sequences(path)
    if (top / "list.txt").is_file():
        lines = (top / "list.txt").read_text("utf-8", "replace").split("\n")
        for name in lines[:20]:
            folder = top / (name.strip() or "\0")
            if "\0" not in str(folder) and any(folder.glob("groundtruth*.txt")):
                found = ("list.txt", f"{folder.name}/groundtruth.txt")
                return () if _is_of_another(folder) else found
        return ()
    for folder in sorted(top.iterdir()):
        if (folder / "groundtruth.txt").is_file():
            return () if _is_of_another(folder) else (f"{folder.name}/groundtruth.txt",)
    return ()


def _is_of_another(folder: Path) -> bool:
    """Whether a sequence's folder has what only LaSOT's or GOT-10k's have, or OTB's boxes."""
    others = ("full_occlusion.txt", "meta_info.ini", "groundtruth_rect.txt")
    return any((folder / name).is_file() for name in others)


VOT = Reader(
    id="vot",
    description="VOT: list.txt, SEQUENCE/groundtruth.txt of rectangles, polygons or masks",
    tree="list.txt\nSEQUENCE/groundtruth.txt sequence *.tag *.label *.value\n"
    "SEQUENCE/color/00000001.jpg (older: SEQUENCE/00000001.jpg)",
    counts_from=None,
    counting="the toolkit's masks begin at pixel 0; it hands numbers on as they stand, and so do "
    "other readers",
    reference="vot-toolkit 0.9.0, vot.dataset and vot.region.io",
    list_videos=_list_videos,
    signs=_signs,
    missing_is_no=True,
)
"""VOT's sequences, old and new, and what is exported in their layout."""
