"""What is known of an image before it is decoded, and what it must be to be a frame."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from trackbench.datasets.readers.data_errors import FilePath, data_error
from trackbench.datasets.readers.image_limits import MOST_PIXELS


class Encoding(Enum):
    """How an image is encoded, whatever its file is called."""

    JPEG = "JPEG"
    PNG = "PNG"
    OTHER = "other"


class ImageHeader(NamedTuple):  # one is made for each frame, and a dataclass takes its time
    """What is known before decoding.

    Attributes:
        encoding: of the file.
        height, width: in pixels.
        grey: one channel.
        alpha: there is, or may be, a transparent part.
        instead: bytes to decode instead of those at a place in the file, each with its place: what
            no pixel depends on, but a decoder complains about, and then of nothing after it.
    """

    encoding: Encoding
    height: int
    width: int
    grey: bool
    alpha: bool
    instead: tuple[tuple[int, bytes], ...] = ()


def check_size(height: int, width: int, path: FilePath) -> None:
    """Make sure that a size is one of a frame.

    Raises:
        DataError: it is not.
    """
    if not 0 < height * width <= MOST_PIXELS:
        raise data_error(
            path, f"is {width} x {height} pixels: a frame has {MOST_PIXELS:,} pixels at most"
        )


def check_upright(orientation: int, path: FilePath) -> None:
    """Make sure that an image is stored as it is shown.

    OpenCV turns what Exif says is to be turned, Pillow does not, and boxes are in one of the two.

    Raises:
        DataError: it is not stored so.
    """
    if orientation not in {0, 1}:
        raise data_error(
            path,
            f"is to be turned when it is shown (Exif orientation {orientation}), which not every "
            "program does: store it upright, without that tag",
        )
