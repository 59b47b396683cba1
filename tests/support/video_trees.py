"""Small data sets on disk, as a download would leave them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image


def write(path: Path, text: str) -> Path:
    """Write a text file, and the folders it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def picture(index: int, size: tuple[int, int] = (24, 32), *, grey: bool = False) -> np.ndarray:
    """Return a picture (H, W, 3) or (H, W) that no other index has."""
    shape = size if grey else (*size, 3)
    return np.random.default_rng(index).integers(0, 256, shape, np.uint8)


def write_images(
    folder: Path,
    names: Iterable[str],
    size: tuple[int, int] = (24, 32),
    *,
    grey: bool = False,
) -> None:
    """Write an image a name, of :func:`picture` 0, 1, ...: exactly, whatever the ending."""
    folder.mkdir(parents=True, exist_ok=True)
    for index, name in enumerate(names):
        Image.fromarray(picture(index, size, grey=grey)).save(folder / name, format="PNG")


def numbered(first: int, last: int, form: str = "{:04d}.jpg") -> list[str]:
    """Return the names of images ``first`` to ``last``."""
    return [form.format(number) for number in range(first, last + 1)]


def rows(count: int, separator: str = ",", first: int = 0) -> str:
    """Return boxes of 5 x 6 pixels at (first, 2), (first + 1, 2), ..., a line each."""
    return "".join(f"{separator.join(map(str, row))}\n" for row in numbers(count, first))


def numbers(count: int, first: int = 0) -> list[list[int]]:
    """Return what :func:`rows` says."""
    return [[first + index, 2, 5, 6] for index in range(count)]
