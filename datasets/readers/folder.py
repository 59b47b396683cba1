"""One's own videos: a folder a sequence, or a video file with a file of boxes beside it.

How the boxes are meant is said once, in ``dataset.toml`` in the data folder::

    boxes = "xywh"   # or "xyxy": left, top, right, bottom
    origin = 0       # or 1: the number of the first pixel

Without it a guess is made from all rows, shown, and used only if it is confirmed. Rows of NaN, of
-1, or with a width or height of 0 say that the target is absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, Images, VideoSource
from trackbench.datasets.readers.box_rows import boxes_of_rows
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.decoding import read_header_of
from trackbench.datasets.readers.folder_guess import Guess, guess
from trackbench.datasets.readers.folder_places import Place, find_places
from trackbench.datasets.readers.folder_settings import NAME, FolderSettings, read_settings
from trackbench.datasets.readers.frame_image import Encoding
from trackbench.datasets.readers.images import list_images
from trackbench.datasets.readers.mask_images import MaskImages
from trackbench.datasets.readers.matching import match
from trackbench.datasets.readers.reader import Reader, Request
from trackbench.datasets.readers.text_file import read_numbers
from trackbench.datasets.readers.video_file import VideoFile
from trackbench.errors import DataError


def _list_videos(asked: Request) -> list[VideoSource]:
    root = asked.root.parent if asked.root.is_file() else asked.root
    settings = read_settings(root)
    places = find_places(asked.root, settings)
    if settings is None:
        guessed = guess_of(root, places)
        settings = guessed.settings
        if not asked.confirmed:
            raise data_error(
                root / NAME,
                "is missing, which says how boxes are meant. They look like "
                f"{'; '.join(guessed.reasons)}. If that is so, write two lines into it: "
                f"{str(settings).replace(chr(10), ' and ')}; or add :confirmed=yes to its name",
            )
    meant = (f"boxes={settings.boxes.value}", f"origin={settings.origin}")
    return [
        VideoSource(
            name=place.name,
            root=root,
            annotations=(place.boxes, *_mask_files(root, place)),
            settings=meant,
            reading=partial(read_place, root, place, settings),
        )
        for place in places
    ]


def guess_of(root: Path, places: list[Place]) -> Guess:
    """Return how the boxes of all sequences look to be meant.

    Raises:
        DataError: a file of boxes, or the first image of a sequence, cannot be read.
    """
    rows, sizes = [], []
    for place in places:
        read = read_numbers(root, place.boxes, columns=4)
        rows.append(read)
        sizes.append(np.tile(_frame_size(root, place), (len(read), 1)))
    return guess(np.concatenate(rows), np.concatenate(sizes))


def _frame_size(root: Path, place: Place) -> tuple[int, int]:
    """Return width and height of a sequence's frames."""
    pictures = _images(root, place)
    if isinstance(pictures, VideoFile):
        height, width = pictures.frame_shape()[:2]
        return width, height
    header = read_header_of(pictures[0])
    return header.width, header.height


def _images(root: Path, place: Place) -> Images:
    if place.is_video:
        return VideoFile(place.pictures)
    found = list_images(root, place.pictures)
    if not found:
        raise data_error(place.pictures, "holds no images")
    return found


def read_place(root: Path, place: Place, settings: FolderSettings) -> AnnotatedVideo:
    """Return the sequence at a place.

    Raises:
        DataError: one of its files is not what it should be.
    """
    rows = read_numbers(root, place.boxes, columns=4)
    truth = boxes_of_rows(rows, place.boxes, form=settings.boxes, origin=settings.origin)
    files = _mask_files(root, place)
    if place.masks is not None and len(files) != len(rows):
        raise data_error(
            place.masks, f"{len(files)} masks for {len(rows)} rows of {place.boxes.name}"
        )
    if files and read_header_of(files[0]).encoding is Encoding.JPEG:
        raise data_error(
            files[0],
            "is a mask as a JPEG, which blurs its edge into pixels that are none of the target's: "
            "store masks as PNG",
        )
    return match(
        AnnotatedVideo(
            name=place.name,
            images=_images(root, place),
            boxes=truth.boxes,
            absent=truth.absent,
            rows=truth.rows,
            masks=MaskImages(tuple(files)) if place.masks is not None else None,
        ),
        place.boxes,
        # one row, and images of any numbers: it is for people to say where they begin
        first_is_known=len(rows) == 1,
    )


def _mask_files(root: Path, place: Place) -> Sequence[Path]:
    return () if place.masks is None else list_images(root, place.masks)


def _signs(path: Path) -> tuple[str, ...]:
    if (path / NAME).is_file():
        return (NAME,)
    try:
        places = find_places(path, None)
    except DataError:
        return ()
    first = places[0]
    return (f"{first.pictures.relative_to(path)} and {first.boxes.relative_to(path)}",)


FOLDER = Reader(
    id="folder",
    description="your own: a folder of images, or a video file, with a file of boxes each",
    tree="dataset.toml\nSEQUENCE/1.jpg 2.jpg ... groundtruth.txt\nVIDEO.mp4 VIDEO.txt",
    counts_from=None,
    counting="dataset.toml says it",
    reference="dataset.toml: boxes, origin, annotations, images",
    list_videos=_list_videos,
    signs=_signs,
)
"""One's own videos."""
