"""Images that are neither JPEG nor PNG, by Pillow: BMP, TIFF, WebP, PNM, GIF."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trackbench.contracts import Frame
from trackbench.datasets.readers.data_errors import FilePath, data_error
from trackbench.datasets.readers.frame_image import (
    Encoding,
    ImageHeader,
    check_size,
    check_upright,
)
from trackbench.errors import brief

if TYPE_CHECKING:
    from PIL import Image

_GREY = frozenset({"1", "L", "LA"})
_COLOUR = frozenset({"RGB", "RGBA", "P", "PA", "RGBX"})
_ORIENTATION = 0x0112
_FORMATS = ("BMP", "GIF", "PPM", "TIFF", "WEBP")
"""Others are no frames of videos, and some of them start programs."""


def header_by_pillow(content: bytes, path: FilePath) -> ImageHeader:
    """Return what an image's bytes say.

    Raises:
        DataError: as :func:`trackbench.datasets.readers.image_header.read_header`.
    """
    with _opened(content, path) as image:
        width, height = image.size
        check_size(height, width, path)
        if getattr(image, "n_frames", 1) > 1:
            raise data_error(path, "is animated, or has several pages: a frame is one image")
        if image.mode not in _GREY | _COLOUR:
            raise data_error(
                path, f"has pixels of the kind {image.mode}: convert it to 8-bit RGB or grey"
            )
        check_upright(int(image.getexif().get(_ORIENTATION, 0)), path)
        alpha = image.mode in {"LA", "RGBA", "PA"} or "transparency" in image.info
        return ImageHeader(Encoding.OTHER, height, width, image.mode in _GREY, alpha)


def decode_by_pillow(content: bytes, header: ImageHeader, path: FilePath) -> Frame:
    """Return an image (H, W) or (H, W, 3), or with its alpha (H, W, 4).

    Raises:
        DataError: it is damaged.
    """
    import numpy as np

    mode = "RGBA" if header.alpha else "L" if header.grey else "RGB"
    with _opened(content, path) as image:
        decoded: Frame = np.asarray(image.convert(mode))
        return decoded


@contextmanager
def _opened(content: bytes, path: FilePath) -> Iterator[Image.Image]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise data_error(path, "has more pixels than a frame") from None
    # Pillow raises all of these for damaged files
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, TypeError, Warning) as error:
        if isinstance(error, UnidentifiedImageError):
            raise data_error(path, "is no image") from None
        raise data_error(path, f"is damaged ({brief(error)})") from error
