"""A video file (mp4, avi, mov, ...) by PyAV, which is the extra ``video``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackbench.contracts import Frame
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.image_limits import MOST_PIXELS
from trackbench.errors import TrackbenchError, brief

_CONTAINERS = {
    ".mp4": "mov",
    ".m4v": "mov",
    ".mov": "mov",
    ".avi": "avi",
    ".mkv": "matroska",
    ".webm": "matroska",
}
"""What a file is taken for, by its ending: a list of other files and addresses would be none."""

SUFFIXES = frozenset(_CONTAINERS)
"""What the name of a video file ends with, in small letters."""


@dataclass(frozen=True)
class VideoFile:
    """A video file with one stream of pictures.

    Attributes:
        path: of the file.
    """

    path: Path

    def count(self) -> int:
        """Return the number of frames, by the file's packets: nothing is decoded.

        Raises:
            DataError: it cannot be read.
            TrackbenchError: PyAV is missing.
        """
        with self._opened() as (container, stream):
            packets = container.demux(stream)
            return sum(1 for packet in packets if packet.size and not packet.is_discard)

    def lost(self) -> int:
        """Return how many frames the file's header counts more than there are; 0 if it does not.

        Raises:
            DataError: it cannot be read.
            TrackbenchError: PyAV is missing.
        """
        with self._opened() as (container, stream):
            there = sum(1 for packet in container.demux(stream) if packet.size)
            return max(0, int(stream.frames) - there)

    def frame_shape(self) -> tuple[int, ...]:
        """Return (H, W) or (H, W, 3) of the frames, as the file's header says.

        Raises:
            DataError: it cannot be read.
            TrackbenchError: PyAV is missing.
        """
        with self._opened() as (_, stream):
            codec = stream.codec_context
            size = (codec.height, codec.width)
            return size if _is_grey(codec) else (*size, 3)

    def frames(self) -> Iterator[Frame]:
        """Yield the frames (H, W) or (H, W, 3) uint8 in order, each decoded when it is asked for.

        Raises:
            DataError: what is not decoded is damaged, turned by the header, or not 8 bits deep.
            TrackbenchError: PyAV is missing.
        """
        index = 0
        with self._opened() as (container, stream):
            form = "gray" if _is_grey(stream.codec_context) else "rgb24"
            for decoded in container.decode(stream):
                if getattr(decoded, "rotation", 0):
                    raise data_error(
                        self.path,
                        f"is turned by {decoded.rotation} degrees when it is shown, which not "
                        "every program does: write it upright (ffmpeg -i IN OUT)",
                    )
                if decoded.is_corrupt:
                    raise data_error(self.path, f"frame {index} is damaged")
                frame: Frame = decoded.to_ndarray(format=form)
                yield frame
                index += 1

    @contextmanager
    def _opened(self) -> Iterator[tuple[Any, Any]]:
        """Open the file, and have what PyAV raises meanwhile name it."""
        av = _av()
        try:
            form = _CONTAINERS[self.path.suffix.lower()]
            # with its protocol, for a colon in a name would be taken for the end of one
            with av.open(f"file:{self.path.absolute()}", format=form) as container:
                if not container.streams.video:
                    raise data_error(self.path, "has no pictures in it")
                stream = container.streams.video[0]
                codec = stream.codec_context
                codec.thread_count = 1
                if not 0 < codec.width * codec.height <= MOST_PIXELS:
                    raise data_error(
                        self.path, f"has frames of {codec.width} x {codec.height} pixels"
                    )
                yield container, stream
        except (av.FFmpegError, OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or brief(error)
            raise data_error(self.path, f"cannot be read as a video ({why})") from error


def _is_grey(codec: Any) -> bool:
    return codec.pix_fmt in {"gray", "gray8"}


def _av() -> Any:
    try:
        import av
    except ImportError:
        raise TrackbenchError(
            "video files are read with PyAV, which is not installed: "
            "pip install 'trackbench[video]'"
        ) from None
    return av
