"""What stands above a picture: words, each in a colour, in as many lines as they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from trackbench.printing.text import visible
from trackbench.reports.tracker_colours import Colour

TITLE_HEIGHT = 18
"""Of a line, pixels."""

_GROUND: Colour = (24, 26, 30)
_WHITE: Colour = (255, 255, 255)
_LEFT, _BETWEEN = 4, 10
_SIZE = 13


@dataclass(frozen=True)
class Title:
    """Some words that stand together."""

    text: str
    colour: Colour = _WHITE


def width_of(text: str) -> int:
    """Return how wide a title is, with what is left free beside it, pixels."""
    return _LEFT + round(_font().getlength(visible(text))) + _BETWEEN


def title_rows(titles: Sequence[Title], width: int) -> int:
    """Return how many lines they need above a picture of a width."""
    return 1 + max((row for row, _, _ in _placed(titles, width)), default=0)


def titled(picture: Image.Image, titles: Sequence[Title], rows: int) -> None:
    """Write them into the first ``rows`` lines of a picture."""
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, picture.width, rows * TITLE_HEIGHT - 1), fill=_GROUND)
    for row, x, title in _placed(titles, picture.width):
        place = (x, row * TITLE_HEIGHT + 1)
        pen.text(place, visible(title.text), fill=title.colour, font=_font())


def _placed(titles: Sequence[Title], width: int) -> Iterator[tuple[int, int, Title]]:
    """Yield line, left end and title; one that has no room beside others begins a line.

    The first is the number of the frame, beside which the second always stands.
    """
    row, x = 0, _LEFT
    for number, title in enumerate(titles):
        wide = round(_font().getlength(visible(title.text)))
        if number > 1 and x + wide > width:
            row, x = row + 1, _LEFT
        yield row, x, title
        x += wide + _BETWEEN


@cache
def _font() -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size=_SIZE)
