"""Boxes as lines of text that are read back as the same numbers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

DIGITS = "as many digits, 17 at most, as it takes to read back the same float64"
"""How numbers are written, in words."""


def box_text(boxes: NDArray[np.float64], separator: str) -> list[str]:
    """Return a line ``x,y,w,h`` for each of the boxes (T, 4); NaN is ``nan``."""
    return [separator.join(map(number_text, row)) for row in boxes.tolist()]


def number_text(value: float) -> str:
    """Return a number in the fewest digits that are read back as it, never with an exponent."""
    text = repr(value)
    if "e" in text:
        text = np.format_float_positional(value, trim="-")
    return text.removesuffix(".0")


def lines(items: Iterable[str]) -> str:
    """Return the items, one a line, with a line break after each."""
    return "".join(f"{item}\n" for item in items)
