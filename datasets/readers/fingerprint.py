"""A hash of what decides the videos of a data set on disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.video_file import VideoFile


def fingerprint(
    videos: Iterable[VideoSource],
    *,
    content: bool = False,
    progress: Callable[[str], None] | None = None,
) -> str:
    """Return the hash of videos, read for it one after the other.

    Args:
        videos: of a data set.
        content: images by their content, too, which takes as long as reading them.
        progress: is told each video's name.

    Raises:
        DataError: a video cannot be read.
    """
    digest = VideosHash(content=content)
    for source in videos:
        if progress is not None:
            progress(source.name)
        digest.add(source, source.read())
    return digest.hexdigest()


class VideosHash:
    """SHA-256 of names, sizes and annotations, video by video.

    It covers each video's name, how it is read (origin, ...), every annotation file that there is
    by its name and content, and every image by its name and size in bytes. Where the data folder
    lies makes no difference.

    Args:
        content: images by their content, too.
    """

    def __init__(self, *, content: bool = False) -> None:
        self._digest = hashlib.sha256(b"trackbench videos 1\n")
        self._content = content

    def add(self, source: VideoSource, video: AnnotatedVideo) -> None:
        """Add the next video, and what was read of it.

        Raises:
            DataError: a file cannot be read.
        """
        self._add("video", source.name)
        for setting in source.settings:
            self._add("setting", setting)
        for path in source.annotations:
            if path.is_file():
                self._add("annotation", _relative(path, source), _hash(path))
        images = video.images
        for path in [images.path] if isinstance(images, VideoFile) else images:
            said = _hash(path) if self._content else ""
            self._add("image", _relative(path, source), str(_size(path)), said)

    def hexdigest(self) -> str:
        """Return the hash of the videos so far, as hexadecimal digits."""
        return self._digest.hexdigest()

    def _add(self, *words: str) -> None:
        """Add words so that no other words come to the same bytes."""
        encoded = [word.encode("utf-8", "surrogateescape") for word in words]
        self._digest.update(b"".join(b"%d:%b" % (len(word), word) for word in encoded) + b"\n")


def _relative(path: Path, video: VideoSource) -> str:
    within = _within(path.parent, video.root)  # that of the image before, most often
    return path.name if within == "." else f"{within}/{path.name}"


@lru_cache(maxsize=8)
def _within(folder: Path, root: Path) -> str:
    return folder.relative_to(root).as_posix()


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - of many thousands; pathlib takes its time
    except OSError as error:
        raise data_error(path, f"cannot be read ({error.strerror})") from error


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise data_error(path, f"cannot be read ({error.strerror})") from error
