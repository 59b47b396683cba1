"""One image file made a frame: 8 bits, grey or RGB, as stored.

* A palette is looked up. An alpha channel is dropped if all of it is opaque, and refused otherwise.
* Exif's orientation is never applied; where there is one, the image is refused.
* JPEG and PNG are decoded by OpenCV, as most trackers' own readers do; everything else by Pillow.
* A JPEG that is damaged inside, and decoded as far as it goes, is refused where the process watches
  for what decoders say (:mod:`trackbench.plugins.decoder_complaints`), as all do that read frames
  for a function of ours; a loop of somebody else's is not watched unless it asks for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import Frame
from trackbench.datasets.readers.data_errors import FilePath, data_error
from trackbench.datasets.readers.frame_image import Encoding, ImageHeader
from trackbench.datasets.readers.image_header import read_header
from trackbench.datasets.readers.image_limits import MOST_BYTES
from trackbench.plugins.decoder_complaints import decoded

_MOST_FILES = 2**16
"""Bytes that most files have fewer than: these are read without asking first how many they are."""


@arguments_checked
def read_frame(path: str | Path) -> Frame:
    """Return an image file as a frame uint8, (H, W) grey or (H, W, 3) RGB.

    Raises:
        DataError: it is missing, damaged, or not of a kind that can be a frame.
    """
    return frame_in(path)


def frame_in(path: FilePath) -> Frame:
    """Return the frame of an image file as :func:`read_frame` does; a run reads thousands."""
    content = _content(path)
    header = read_header(content, path)
    if header.encoding is Encoding.PNG:  # which has checksums
        frame, complaint = _by_opencv(content, header, path), ""
    else:
        for place, put in header.instead:
            content = content[:place] + put + content[place + len(put) :]
        by = _by_opencv if header.encoding is Encoding.JPEG else _by_pillow
        frame, complaint = decoded(partial(by, content, header, path))
    if complaint:
        raise data_error(path, f"is damaged, and decoded all the same ({complaint})")
    if header.alpha:
        frame = _without_alpha(frame, header, path)
    wanted = (header.height, header.width) if header.grey else (header.height, header.width, 3)
    if frame.shape != wanted:
        raise data_error(path, f"was decoded as {frame.shape}, not {wanted} as its header says")
    return frame


def read_header_of(path: FilePath) -> ImageHeader:
    """Return size and kind of an image file; no pixel is decoded.

    Raises:
        DataError: as :func:`read_frame`.
    """
    return read_header(_content(path), path)


def _content(path: FilePath) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)  # a third of the time of path.open
        try:
            content = os.read(handle, _MOST_FILES)
            size = len(content)
            if size == _MOST_FILES:
                size = os.fstat(handle).st_size
                content += os.read(handle, size - _MOST_FILES) if size <= MOST_BYTES else b""
        finally:
            os.close(handle)
    except OSError as error:
        raise data_error(path, f"cannot be read ({error.strerror})") from error
    if size > MOST_BYTES:
        raise data_error(path, f"is larger than {MOST_BYTES:,} bytes: no frame is")
    return content


def _by_pillow(content: bytes, header: ImageHeader, path: FilePath) -> Frame:
    from trackbench.datasets.readers.pillow_image import decode_by_pillow

    return decode_by_pillow(content, header, path)


def _by_opencv(content: bytes, header: ImageHeader, path: FilePath) -> Frame:
    opencv = _opencv()
    stored_as = opencv.grey if header.grey else opencv.colour
    kind = opencv.unchanged if header.alpha else stored_as
    try:
        decoded: Any = opencv.imdecode(np.frombuffer(content, np.uint8), kind)
    except opencv.error as error:
        raise data_error(path, f"cannot be decoded ({error.err})") from error
    if decoded is None:
        raise data_error(path, "is damaged: it cannot be decoded")
    if decoded.ndim == 3 and not (kind == opencv.colour and opencv.reads_rgb):
        import cv2

        code = cv2.COLOR_BGRA2RGBA if decoded.shape[2] == 4 else cv2.COLOR_BGR2RGB
        decoded = cv2.cvtColor(decoded, code)
    frame: Frame = decoded
    return frame


class _OpenCV(NamedTuple):
    """What is asked of OpenCV for each frame: it is looked up once, for that takes time.

    Attributes:
        imdecode, error: its function, and what it raises.
        unchanged, grey, colour: how images are to be decoded.
        reads_rgb: ``colour`` gives RGB, not BGR.
    """

    imdecode: Callable[..., Any]
    error: type[Any]
    unchanged: int
    grey: int
    colour: int
    reads_rgb: bool


@cache
def _opencv() -> _OpenCV:
    import cv2

    reads_rgb = hasattr(cv2, "IMREAD_COLOR_RGB")
    colour = cv2.IMREAD_COLOR_RGB if reads_rgb else cv2.IMREAD_COLOR
    as_stored = cv2.IMREAD_IGNORE_ORIENTATION
    return _OpenCV(
        cv2.imdecode,
        cv2.error,
        unchanged=cv2.IMREAD_UNCHANGED | as_stored,
        grey=cv2.IMREAD_GRAYSCALE | as_stored,
        colour=colour | as_stored,
        reads_rgb=reads_rgb,
    )


def _without_alpha(frame: Frame, header: ImageHeader, path: FilePath) -> Frame:
    if frame.ndim == 3 and frame.shape[2] == 4:
        if frame[..., 3].min() < 255:
            raise data_error(
                path, "is transparent in part: lay it over a background, and store it without alpha"
            )
        frame = frame[..., :3]
    if header.grey and frame.ndim == 3:
        frame = frame[..., 0]
    return np.ascontiguousarray(frame)
