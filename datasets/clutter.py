"""Clutter images: patches cut from random places of random digits, on a large canvas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from trackbench.datasets import digits, sprites
from trackbench.datasets.digits import Digits
from trackbench.datasets.streams import Purpose, Stream


@dataclass(frozen=True)
class ClutterParameters:
    """What determines the pool of clutter images of a data set.

    Attributes:
        images: how many images the pool holds; a sequence takes two of them.
        canvas: side of an image in pixels.
        patches: patches on an image.
        patch_smallest, patch_largest: side of a patch in pixels, both included.
        intensity: darkest and brightest factor, of 255, both included.
        step: step of the windows' walk over the images, as a share of their travel.
    """

    images: int = 256
    canvas: int = 200
    patches: int = 80
    patch_smallest: int = 5
    patch_largest: int = 9
    intensity: tuple[int, int] = (64, 255)
    step: float = 0.01


# 160 MiB at most: both training streams' pools of 2,048 images, which training draws from in turn.
@lru_cache(maxsize=4096)
def clutter_image(
    parameters: ClutterParameters, source: Digits, seed: int, index: int
) -> NDArray[np.uint8]:
    """Return image ``index`` of the pool, (canvas, canvas) uint8, 0 where it is transparent.

    Later patches lie over earlier ones.
    """
    return _painted(*_patches(parameters, source, seed, index), parameters.canvas)


@lru_cache(maxsize=4096)
def nested_clutter_image(
    parameters: ClutterParameters, source: Digits, seed: int, index: int, shown: int
) -> NDArray[np.uint8]:
    """Return an image of the pool with only the first ``shown`` of its patches.

    Earlier patches lie over later ones: showing more of them changes only what was transparent.
    """
    patches, seen, places = _patches(parameters, source, seed, index)
    nested = slice(shown - 1, None, -1) if shown else slice(0)
    return _painted(patches[nested], seen[nested], places[nested], parameters.canvas)


def _patches(
    parameters: ClutterParameters, source: Digits, seed: int, index: int
) -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.int64]]:
    """Return of each patch its pixels, which of them are seen, and their places on the canvas.

    All are (patches, side, side), and the places count along the canvas' rows.
    """
    images = digits.load(source)
    stream = Stream(seed, Purpose.CLUTTER_IMAGE, index)
    count, canvas = parameters.patches, parameters.canvas
    side = stream.integers(parameters.patch_smallest, parameters.patch_largest + 1, count)
    digit = stream.integers(0, len(images), count)
    intensity = stream.integers(parameters.intensity[0], parameters.intensity[1] + 1, count)
    # One draw of 2**30 levels serves every range: where a patch may lie depends on its side.
    drawn = stream.integers(0, 2**30, 4 * count).reshape(4, count)
    inside = drawn[:2] * (digits.SIDE + 1 - side) >> 30
    outside = drawn[2:] * (canvas + 1 - side) >> 30

    # All patches at once, each in the corner of a square as large as the largest; what of a square
    # is no patch is as transparent as what :func:`sprites.cut` cuts away.
    reach = np.arange(parameters.patch_largest)
    part = reach < side[:, None]
    last = digits.SIDE - 1
    rows, columns = np.minimum(inside[:, :, None] + reach, last)
    patches = images[digit[:, None, None], rows[:, :, None], columns[:, None, :]]
    patches = np.where(part[:, :, None] & part[:, None, :], patches, 0)
    patches = sprites.dim(patches, intensity[:, None, None])
    seen = patches > (patches.max(axis=(1, 2)) // 4)[:, None, None]
    rows, columns = outside[:, :, None] + reach
    return patches, seen, rows[:, :, None] * canvas + columns[:, None, :]


def _painted(
    patches: NDArray[np.uint8], seen: NDArray[np.bool_], places: NDArray[np.int64], canvas: int
) -> NDArray[np.uint8]:
    image = np.zeros((canvas, canvas), np.uint8)
    image.ravel()[places[seen]] = patches[seen]  # of repeated places, NumPy keeps the last
    image.flags.writeable = False
    return image


def windows(image: NDArray[np.uint8], corners: NDArray[np.int64], side: int) -> NDArray[np.uint8]:
    """Return the (T, side, side) windows onto an image at T corners (row, column), copied."""
    view = sliding_window_view(image, (side, side))
    seen: NDArray[np.uint8] = view[corners[:, 0], corners[:, 1]]
    return seen
