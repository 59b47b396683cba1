"""A hash of what decides the videos of a data set on disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.video_file import VideoFile


def fingerprint(
    videos: Iterable[VideoSource],
    *,
    content: bool = False,
    progress: Callable[[str], None] | None = None,
    read: Iterable[AnnotatedVideo] | None = None,
) -> str:
    """Return the SHA-256 of names, sizes and annotations, as hexadecimal digits.

    It covers, video by video in their order: the name, how it is read (origin, ...), every
    annotation file that there is by its name and content, and every image by its name and size in
    bytes. Where the data folder lies makes no difference.

    Args:
        videos: of a data set.
        content: images by their content, too, which takes as long as reading them.
        progress: is told each video's name.
        read: the same videos, if they were read just now; None: they are read for it.

    Raises:
        DataError: a video cannot be read.
    """
    digest = hashlib.sha256(b"trackbench videos 1\n")
    known = None if read is None else iter(read)
    for video in videos:
        if progress is not None:
            progress(video.name)
        _add(digest, "video", video.name)
        for setting in video.settings:
            _add(digest, "setting", setting)
        for path in video.annotations:
            if path.is_file():
                _add(digest, "annotation", _relative(path, video), _hash(path))
        images = (video.read() if known is None else next(known)).images
        for path in [images.path] if isinstance(images, VideoFile) else images:
            said = _hash(path) if content else ""
            _add(digest, "image", _relative(path, video), str(_size(path)), said)
    return digest.hexdigest()


def _add(digest: hashlib._Hash, *words: str) -> None:
    """Add words so that no other words come to the same bytes."""
    for word in words:
        encoded = word.encode("utf-8", "surrogateescape")
        digest.update(f"{len(encoded)}:".encode())
        digest.update(encoded)
    digest.update(b"\n")


def _relative(path: Path, video: VideoSource) -> str:
    # of long videos there are hundreds of thousands, and pathlib takes its time
    whole, root = os.fspath(path), f"{os.fspath(video.root)}/"
    inside = os.sep == "/" and whole.startswith(root)
    return whole[len(root) :] if inside else path.relative_to(video.root).as_posix()


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - as above
    except OSError as error:
        raise data_error(path, f"cannot be read ({error.strerror})") from error


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise data_error(path, f"cannot be read ({error.strerror})") from error
