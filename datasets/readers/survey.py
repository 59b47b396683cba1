"""What is known of a data set on disk before anything is run: each video is read once for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.readers.annotated_video import AnnotatedVideo
from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.decoding import read_header_of
from trackbench.datasets.readers.fingerprint import VideosHash
from trackbench.datasets.readers.opening import OpenedVideos
from trackbench.datasets.readers.true_masks import all_have_masks
from trackbench.datasets.readers.video_file import VideoFile
from trackbench.errors import DataError
from trackbench.printing.amounts import counted
from trackbench.printing.text import visible

_NAMED = 3


@dataclass(frozen=True)
class Survey:
    """The videos of a data set, in numbers.

    Attributes:
        frames: of each.
        pixels: of a frame of each.
        attributes: name -> the type of its values in every video. Where some videos lack it, it is
            float64, with NaN there; or bool, with no, as the layout means it.
        notes: what images and annotations disagree about, a line each, with the video's name.
        masks: there is a mask wherever there is a box, in every video.
        fingerprint: of names, sizes and annotations, in hexadecimal.
    """

    frames: tuple[int, ...]
    pixels: tuple[int, ...]
    attributes: dict[str, str]
    notes: tuple[str, ...]
    masks: bool
    fingerprint: str


def survey(opened: OpenedVideos) -> Survey:
    """Read the annotations of each video, and look at its first image.

    No more than one video's annotations are held at a time.

    Raises:
        DataError: some cannot be read; the message says what is wrong with the first of them, and
            names others.
    """
    digest = VideosHash()
    frames, pixels, notes = [], [], []
    kinds: dict[str, list[np.dtype[Any]]] = {}
    masked: list[bool] = []
    broken: list[tuple[str, DataError]] = []
    for source in opened.videos:
        try:
            video = source.read()
            first = _pixels_of_first(video)
            digest.add(source, video)
        except DataError as error:
            broken.append((source.name, error))
            continue
        frames.append(len(video))
        pixels.append(first)
        masked.append(all_have_masks(video))
        if video.masks is not None and not masked[-1]:
            notes.append(f"{video.name}: some frames have a box and no mask")
        for name, values in video.attributes.items():
            kinds.setdefault(name, []).append(values.dtype)
        notes += [f"{video.name}: {note}" for note in video.notes]
    if broken:
        raise _error(broken)
    attributes = {
        name: _common(found, len(frames), missing_is_no=opened.reader.missing_is_no)
        for name, found in kinds.items()
    }
    if any(masked) and not all(masked):
        with_masks = counted(sum(masked), "sequence")
        notes.append(f"masks left out: {with_masks} of {len(masked)} have them in all frames")
    return Survey(
        frames=tuple(frames),
        pixels=tuple(pixels),
        attributes=attributes,
        notes=tuple(notes),
        masks=all(masked),
        fingerprint=digest.hexdigest(),
    )


def with_attributes(
    video: AnnotatedVideo, attributes: Mapping[str, str]
) -> dict[str, NDArray[Any]]:
    """Return all attributes of a data set for one of its videos, each as :class:`Survey` says."""
    found = {}
    for name, kind in attributes.items():
        nothing = np.zeros(len(video)) if kind == "bool" else np.full(len(video), np.nan)
        found[name] = np.asarray(video.attributes.get(name, nothing)).astype(kind)
    return found


def _common(kinds: list[np.dtype[Any]], videos: int, *, missing_is_no: bool) -> str:
    """Return the type that holds what the videos say, and that some say nothing."""
    alike = len(set(kinds)) == 1
    if alike and (len(kinds) == videos or (missing_is_no and kinds[0] == np.bool_)):
        return str(kinds[0])
    return "float64"


def _pixels_of_first(video: AnnotatedVideo) -> int:
    """Return how many pixels the first frame has, with which a tracker is started.

    Of most images the header says it; whether one is transparent, and a video file, is decoded.

    Raises:
        DataError: it cannot be a frame.
    """
    images = video.images
    header = None if isinstance(images, VideoFile) else read_header_of(images[0])
    if header is not None and not header.alpha:
        return header.height * header.width
    first = DecodedFrames.of(video, ahead=0)[0]
    return int(first.shape[0] * first.shape[1])


def _error(broken: list[tuple[str, DataError]]) -> DataError:
    (_, first), *others = broken
    if not others:
        return first
    named = visible(", ".join(name for name, _ in others[:_NAMED]))
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    amount = counted(len(others), "other sequence")
    return DataError(f"{first} (and {amount} cannot be read: {named}{more})")
