"""A download checked before a day of running: what is missing, unreadable or impossible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.opening import OpenedVideos
from trackbench.datasets.readers.video_file import VideoFile
from trackbench.errors import DataError
from trackbench.plugins.decoder_complaints import watched
from trackbench.printing.amounts import counted
from trackbench.printing.text import visible


class Severity(Enum):
    """What a finding means for a run."""

    ERROR = "error"
    """The sequence cannot be run, or not to its end, or not as it was recorded."""
    REMARK = "remark"
    """It runs, and what was done is said."""


@dataclass(frozen=True)
class Finding:
    """Something about a sequence that is not as it should be.

    Attributes:
        sequence: its name.
        severity: whether it can be run all the same.
        what: one line, with the file's name where it is about one.
    """

    sequence: str
    severity: Severity
    what: str

    def __str__(self) -> str:
        """Return it as a line."""
        return visible(f"{self.severity.value}: {self.sequence}: {self.what}")


def verify_videos(
    opened: OpenedVideos,
    *,
    decode: bool = True,
    progress: Callable[[str], None] | None = None,
) -> list[Finding]:
    """Return what is wrong with a data set on disk; nothing: it can be run as it is.

    Looked for are sequences that a whole download has, annotations that cannot be read, counts that
    differ, images that cannot be decoded or are unlike the first, masks that cannot, boxes that lie
    outside the frame.

    Args:
        opened: the data set.
        decode: every image and mask is decoded, which takes as long as running a tracker that does
            nothing; otherwise the first image of each sequence is looked at.
        progress: is told each video's name.
    """
    findings = [
        Finding(name, Severity.ERROR, "is missing from this download") for name in opened.missing
    ]
    with watched():
        for video in opened.videos:
            if progress is not None:
                progress(video.name)
            findings += _of_video(video, decode=decode)
    return findings


def _of_video(source: VideoSource, *, decode: bool) -> Iterator[Finding]:
    try:
        video = source.read()
        frames = DecodedFrames.of(video)
        height, width = frames.shape[1:3]
    except DataError as error:
        yield Finding(source.name, Severity.ERROR, str(error))
        return
    yield from (Finding(source.name, Severity.REMARK, note) for note in video.notes)
    yield from _outside(video, height, width)
    if decode:
        # After a frame of a video file that cannot be decoded no other can.
        whole_file = isinstance(video.images, VideoFile)
        yield from _undecodable(source, len(frames), frames.__getitem__, to_the_end=not whole_file)
        if (masks := video.masks) is not None:
            size = (height, width)
            yield from _undecodable(source, len(video), lambda index: masks.mask(index, size))


def _outside(video: AnnotatedVideo, height: int, width: int) -> Iterator[Finding]:
    x, y, w, h = video.boxes.T
    outside = np.flatnonzero((x >= width) | (y >= height) | (x + w <= 0) | (y + h <= 0))
    if outside.size:
        first = int(outside[0])
        box = ",".join(f"{value:g}" for value in video.boxes[first])
        yield Finding(
            video.name,
            Severity.REMARK,
            f"{counted(outside.size, 'box')} wholly outside the frame of {width} x {height}, first "
            f"in frame {first} ({box})",
        )


def _undecodable(
    source: VideoSource, count: int, decode: Callable[[int], object], *, to_the_end: bool = True
) -> Iterator[Finding]:
    """Decode so many, and say which cannot be; after the first of them only where it is asked."""
    for index in range(count):
        try:
            decode(index)
        except DataError as error:
            yield Finding(source.name, Severity.ERROR, str(error))
            if not to_the_end:
                return
