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
            DataError: it cannot be read, or does not begin with a frame that stands alone.
            TrackbenchError: PyAV is missing.
        """
        count = 0
        with self._opened() as (container, stream):
            for packet in container.demux(stream):
                if not packet.size:
                    continue
                # a decoder leaves out, without a word, what it has no frame before for
                if not count and not packet.is_keyframe:
                    raise data_error(
                        self.path,
                        "begins with a frame that is made of frames before it, as a video does "
                        "that was cut without decoding: decode it (ffmpeg -i IN OUT)",
                    )
                count += not packet.is_discard
        return count

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
            DataError: a frame is damaged, turned by the header, deeper than 8 bits, or transparent.
            TrackbenchError: PyAV is missing.
        """
        with self._opened() as (container, stream):
            form = "gray" if _is_grey(stream.codec_context) else "rgb24"
            for index, decoded in enumerate(self._decoded(container, stream)):
                _check_pixels(decoded, self.path)
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

    def _decoded(self, container: Any, stream: Any) -> Iterator[Any]:
        """Yield frames, and have an error say how far it came: some codecs decode a few ahead."""
        count = 0
        try:
            for frame in container.decode(stream):
                yield frame
                count += 1
        except _av().FFmpegError as error:
            if not count:
                raise
            raise data_error(
                self.path, f"is damaged at frame {count} or a few after it ({error.strerror})"
            ) from error

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
                # else a frame that cannot be decoded is left out, and all after it are shifted
                codec.options = {"err_detect": "explode"}
                if not 0 < codec.width * codec.height <= MOST_PIXELS:
                    raise data_error(
                        self.path, f"has frames of {codec.width} x {codec.height} pixels"
                    )
                yield container, stream
        except (av.FFmpegError, OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or brief(error)
            raise data_error(self.path, f"cannot be read as a video ({why})") from error


def _check_pixels(frame: Any, path: Path) -> None:
    """Make sure that nothing of a frame is lost where it is made 8 bits of grey or RGB."""
    components = frame.format.components
    bits = max(component.bits for component in components)
    if bits > 8:
        raise data_error(
            path,
            f"has {bits} bits a channel: convert it to 8 (ffmpeg -i IN -pix_fmt yuv420p OUT)",
        )
    if (
        any(component.is_alpha for component in components)
        and frame.to_ndarray(format="rgba")[..., 3].min() < 255
    ):
        raise data_error(
            path, "is transparent in part: lay it over a background, and store it without alpha"
        )


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
