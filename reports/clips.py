"""Pictures as a film that browsers play: H.264 in MP4, or VP9 or VP8 in WebM.

OpenCV's MPEG-4 Part 2, ``mp4v``, is played by no browser, so that MP4 is made with PyAV alone; WebM
is made with whichever is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trackbench.errors import TrackbenchError
from trackbench.reports.drawing import BACKGROUND


class ClipForm(Enum):
    """What a film is, by the file's suffix."""

    MP4 = ".mp4"
    WEBM = ".webm"


_CODECS = {
    ClipForm.MP4: ("libx264", {"crf": "18", "preset": "medium"}),
    ClipForm.WEBM: ("libvpx-vp9", {"crf": "24", "b": "0", "cpu-used": "4"}),
}
"""Form -> the encoder, and what it is told: a loss of quality that nobody sees."""


def save_clip(
    pictures: Iterable[Image.Image], out: Path, milliseconds: int, form: ClipForm
) -> None:
    """Write pictures of one size as a film, one after the other; sides that are odd grow by one.

    Args:
        pictures: one or more.
        out: the file; its name need have no suffix for MP4 and WebM made with PyAV, and ends in
            ``.webm`` where OpenCV is to make it.
        milliseconds: that each is seen.
        form: what it becomes.

    Raises:
        TrackbenchError: nothing that is installed makes it.
    """
    arrays = _even(pictures)
    try:
        import av  # noqa: F401
    except ImportError as error:
        if form is ClipForm.MP4:
            raise TrackbenchError(
                f"an MP4 that browsers play needs PyAV ({error}): pip install 'trackbench[video]', "
                "or write a .webm or a .gif"
            ) from error
        _with_opencv(arrays, out, milliseconds)
    else:
        _with_pyav(arrays, out, milliseconds, form)


def _with_pyav(
    arrays: Iterator[NDArray[np.uint8]], out: Path, milliseconds: int, form: ClipForm
) -> None:
    from fractions import Fraction

    import av

    codec, options = _CODECS[form]
    if codec not in av.codecs_available:
        raise TrackbenchError(f"PyAV here has no {codec}: write a .gif")
    first = next(arrays)
    with av.open(str(out), "w", format=form.value[1:]) as film:
        stream: Any = film.add_stream(codec, rate=Fraction(1000, milliseconds), options=options)
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuv420p"  # the only one that every browser plays
        stream.codec_context.thread_count = 1
        for array in chain([first], arrays):
            film.mux(stream.encode(av.VideoFrame.from_ndarray(array, format="rgb24")))
        film.mux(stream.encode(None))


def _with_opencv(arrays: Iterator[NDArray[np.uint8]], out: Path, milliseconds: int) -> None:
    try:
        import cv2
    except ImportError as error:
        raise TrackbenchError(
            f"WebM needs PyAV or OpenCV ({error}): pip install 'trackbench[video]', or write a .gif"
        ) from error
    first = next(arrays)
    height, width = first.shape[:2]
    code = cv2.VideoWriter.fourcc(*"VP80")
    writer = cv2.VideoWriter(str(out), code, 1000 / milliseconds, (width, height))
    if not writer.isOpened():
        raise TrackbenchError("OpenCV here cannot write WebM: write a .gif")
    for array in chain([first], arrays):
        writer.write(np.ascontiguousarray(array[..., ::-1]))
    writer.release()


def _even(pictures: Iterable[Image.Image]) -> Iterator[NDArray[np.uint8]]:
    """Yield (H, W, 3), both sides even, as the codecs want them."""
    for picture in pictures:
        width, height = (side + side % 2 for side in picture.size)
        whole = Image.new("RGB", (width, height), BACKGROUND)
        whole.paste(picture, (0, 0))
        yield np.asarray(whole)
