"""Frames with boxes drawn on them, as one picture or an animation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from trackbench.contracts import Boxes, Frame
from trackbench.metrics import valid
from trackbench.reports.tracker_colours import Colour

GAP = 3
BACKGROUND = (90, 90, 90)
_DASH, _BETWEEN = 6, 4
"""Pixels that are drawn of a dashed line, and not drawn after them."""


class Outline(NamedTuple):
    """A box (4,) and how it is drawn; ``width`` in pixels of the picture."""

    box: Boxes
    colour: Colour
    dashed: bool = False
    width: int = 1


def draw(frame: Frame, outlines: Sequence[Outline], zoom: float) -> Image.Image:
    """Return one frame (H, W[, 3]) enlarged ``zoom`` times with boxes.

    A box's outline runs just outside the pixels that it touches, so that it hides none of them;
    what lies outside the frame is not seen. An invalid box (:func:`valid`) is left out. Through a
    dashed one is seen what is drawn before it in the same place.
    """
    picture = Image.fromarray(np.ascontiguousarray(frame)).convert("RGB")
    size = (max(1, round(picture.width * zoom)), max(1, round(picture.height * zoom)))
    how = Image.Resampling.NEAREST if zoom >= 1 else Image.Resampling.BOX
    picture = picture.resize(size, how)
    pen = ImageDraw.Draw(picture)
    for outline in outlines:
        if valid(outline.box):
            _draw_outline(pen, outline, zoom, size)
    return picture


def _draw_outline(
    pen: ImageDraw.ImageDraw, outline: Outline, zoom: float, size: tuple[int, int]
) -> None:
    left, top, right, bottom = _outline(outline.box, zoom, size)
    for out in range(outline.width):
        x0, y0, x1, y1 = left - out, top - out, right + out, bottom + out
        if not outline.dashed:
            pen.rectangle((x0, y0, x1, y1), outline=outline.colour)
            continue
        for start, stop in _dashes(x0, x1):
            for y in (y0, y1):
                pen.line((start, y, stop, y), fill=outline.colour)
        for start, stop in _dashes(y0, y1):
            for x in (x0, x1):
                pen.line((x, start, x, stop), fill=outline.colour)


def _dashes(first: int, last: int) -> list[tuple[int, int]]:
    """Return the first and the last pixel of each dash of a line."""
    starts = range(first, last + 1, _DASH + _BETWEEN)
    return [(start, min(start + _DASH - 1, last)) for start in starts]


def tinted(frame: Frame, mask: NDArray[np.bool_], colour: Colour) -> NDArray[np.uint8]:
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


def _outline(box: Boxes, zoom: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the first and last column and row of an outline, brought to the picture's rim.

    Pillow would draw every pixel of a box a million pixels away.
    """
    first = np.floor(box[:2] * zoom) - 1
    last = np.ceil((box[:2] + box[2:]) * zoom)
    left, top = (int(v) for v in np.clip(first, -1, size))
    right, bottom = (int(v) for v in np.clip(last, -1, size))
    return left, top, right, bottom
