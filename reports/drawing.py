"""Frames with boxes drawn on them, as one picture or an animation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from trackbench.contracts import Boxes, Frame
from trackbench.errors import TrackbenchError
from trackbench.metrics import valid

TRUTH_COLOUR = (64, 220, 96)
GAP = 3
BACKGROUND = (90, 90, 90)


def draw(
    frame: Frame, boxes: Sequence[tuple[Boxes, tuple[int, int, int]]], zoom: int
) -> Image.Image:
    """Return one frame (H, W[, 3]) enlarged ``zoom`` times with boxes (4,) in their colours.

    A box's outline runs just outside the pixels that it touches, so that it hides none of them;
    what lies outside the frame is not seen. An invalid box (:func:`valid`) is left out.
    """
    picture = Image.fromarray(np.ascontiguousarray(frame)).convert("RGB")
    picture = picture.resize(
        (picture.width * zoom, picture.height * zoom), Image.Resampling.NEAREST
    )
    pen = ImageDraw.Draw(picture)
    for box, colour in boxes:
        if valid(box):
            pen.rectangle(_outline(box, zoom, picture.size), outline=colour)
    return picture


def tinted(
    frame: Frame, mask: NDArray[np.bool_], colour: tuple[int, int, int]
) -> NDArray[np.uint8]:
    """Return a frame (H, W[, 3]) as (H, W, 3) with a mask (H, W) laid over it, half transparent."""
    rgb = np.repeat(frame[..., None], 3, axis=2) if frame.ndim == 2 else frame.copy()
    rgb[mask] = (rgb[mask].astype(np.uint16) + np.array(colour, np.uint16)) // 2
    return rgb


def rim(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the pixels of a mask (H, W) beside one that is not in it, or at the frame's edge."""
    padded = np.pad(mask, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inner


def tile(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    """Return one picture with ``pictures``, all of one size, ``columns`` in a row."""
    width, height = pictures[0].size
    rows = -(-len(pictures) // columns)
    columns = min(columns, len(pictures))
    whole = Image.new(
        "RGB",
        (columns * (width + GAP) + GAP, rows * (height + GAP) + GAP),
        BACKGROUND,
    )
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        whole.paste(picture, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    return whole


def save_gif(pictures: Iterable[Image.Image], out: Path, milliseconds: int) -> None:
    """Write pictures of one size as a GIF that repeats for ever."""
    first, *later = pictures
    first.save(out, format="GIF", save_all=True, append_images=later, duration=milliseconds, loop=0)


def save_mp4(pictures: Iterable[Image.Image], out: Path, milliseconds: int) -> None:
    """Write pictures of one size as an MP4 (MPEG-4 Part 2), with OpenCV, one after the other.

    Raises:
        TrackbenchError: OpenCV is not there, or cannot write MP4.
    """
    try:
        import cv2
    except ImportError as error:
        raise TrackbenchError(
            f"MP4 needs OpenCV ({error}): install opencv-contrib-python-headless, or write a .gif"
        ) from error
    later = iter(pictures)
    first = next(later)
    width, height = (side - side % 2 for side in first.size)  # the codec wants even sides
    code = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(out), code, 1000 / milliseconds, (width, height))
    if not writer.isOpened():
        raise TrackbenchError("OpenCV here cannot write MP4: write a .gif")
    for picture in chain([first], later):
        writer.write(np.asarray(picture)[:height, :width, ::-1])
    writer.release()


def _outline(box: Boxes, zoom: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the first and last column and row of an outline, brought to the picture's rim.

    Pillow would draw every pixel of a box a million pixels away.
    """
    first = np.floor(box[:2] * zoom) - 1
    last = np.ceil((box[:2] + box[2:]) * zoom)
    left, top = (int(v) for v in np.clip(first, -1, size))
    right, bottom = (int(v) for v in np.clip(last, -1, size))
    return left, top, right, bottom
