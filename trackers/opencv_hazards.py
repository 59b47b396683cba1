"""The first boxes on which OpenCV does not raise but hangs or dies.

Both checks follow OpenCV's sources (4.10 to 5.0) and were held against both, case by case.
"""

from __future__ import annotations

from itertools import product

import numpy as np

Rectangle = tuple[float, ...]
"""x, y, w, h as OpenCV takes them."""


def check_mil(box: Rectangle) -> None:
    """Raise where MIL would draw random Haar features for ever.

    It draws until one covers 9 pixels and ends before the box's last row and column. Its features
    are 2 or 4 equal rectangles in a row, in a column or in a square; (w-1)(h-1) >= 10 is what they
    need.

    Raises:
        ValueError: the box is too small.
    """
    _, _, w, h = box
    if (w - 1) * (h - 1) < 10:
        raise ValueError(f"OpenCV's MIL would hang: no Haar feature fits a box of {w} x {h} pixels")


def check_tld(box: Rectangle, shape: tuple[int, int]) -> None:
    """Raise where TLD would look for background for ever, or read beyond an empty list.

    Its examples of background are windows of the box's form, 20 pixels on the short side, on a grid
    of a tenth of their size, that have an IoU below 0.2 with the box. The farthest are those in the
    corners. The grid is empty if a window is as wide as the frame is high (sic), or as high as the
    frame is wide, or leaves no pixel free.

    Args:
        box: inside the frame. If its short side has less than 20 pixels, TLD enlarges both first.
        shape: width and height of the frame.

    Raises:
        ValueError: the box fills the frame.
    """
    scale = max(1.0, 20 / min(box[2:]))
    width, height = (round(side * scale) for side in shape)
    x, y, w, h = (value * scale for value in box)
    window_w, window_h = int(w * 20 / min(w, h)), int(h * 20 / min(w, h))
    if window_w >= min(height, width) or window_h >= min(width, height):
        raise ValueError(f"OpenCV's TLD would crash: {box} leaves no room in a frame of {shape}")
    # A hair more than the quotient, as OpenCV adds tenths up until they pass the end.
    last_x = window_w / 10 * np.floor((width - window_w - 1) / (window_w / 10) + 1e-9)
    last_y = window_h / 10 * np.floor((height - window_h - 1) / (window_h / 10) + 1e-9)
    for left, top in product((0.0, last_x), (0.0, last_y)):
        common_w = max(0.0, min(x + w, left + window_w) - max(x, left))
        common_h = max(0.0, min(y + h, top + window_h) - max(y, top))
        common = common_w * common_h
        if common < 0.2 * (w * h + window_w * window_h - common):
            return
    raise ValueError(f"OpenCV's TLD would hang: no background around {box} in a frame of {shape}")
