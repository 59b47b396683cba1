"""The images of a folder, in the order of the numbers in their names."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import overload

from trackbench.arguments.checking import arguments_checked
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.inside import check_inside

SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".gif"}
)
"""What the name of an image ends with, in small letters."""

_DIGITS = re.compile(r"(\d+)")


class ImageFiles(Sequence[Path]):
    """Image files of one folder, in order; a path is made where one is asked for.

    Args:
        folder: in which they lie.
        names: of the files.
    """

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self._folder, self._names = folder, names

    @overload
    def __getitem__(self, index: int) -> Path: ...
    @overload
    def __getitem__(self, index: slice) -> ImageFiles: ...
    def __getitem__(self, index: int | slice) -> Path | ImageFiles:
        """Return a file, or those of a slice."""
        if isinstance(index, slice):
            return ImageFiles(self._folder, self._names[index])
        return self._folder / self._names[index]

    def __len__(self) -> int:
        """Return how many files there are."""
        return len(self._names)

    @property
    def texts(self) -> tuple[str, ...]:
        """The files' paths as text: of a video there are thousands, and this takes a tenth."""
        before = str(self._folder / "_")[:-1]
        return tuple([before + name for name in self._names])


def texts_of(images: Sequence[Path]) -> tuple[str, ...]:
    """Return the paths of image files as text."""
    return images.texts if isinstance(images, ImageFiles) else tuple(map(str, images))


@arguments_checked
def list_images(root: str | Path, folder: str | Path) -> ImageFiles:
    """Return a folder's images in natural order: 2.jpg before 10.jpg.

    Files whose names begin with a point, as macOS leaves them in archives, are none.

    Args:
        root: the data folder, out of which no link must lead.
        folder: in which they lie.

    Raises:
        DataError: the folder is missing, a link leads out or nowhere, what is called an image is
            no file, or two images are of one frame.
    """
    root, folder = Path(root), Path(folder)
    names = list(_entries(root, folder, _is_frame))
    if (plain := _plainly_ordered(names)) is not None:
        return ImageFiles(folder, plain)
    by_order: dict[tuple[tuple[int, int, str], ...], str] = {}
    for name in names:
        other = by_order.setdefault(_order(name), name)
        if other is not name:
            pair = " and ".join(sorted((other, name)))
            raise data_error(folder, f"{pair} are images of one frame")
    return ImageFiles(folder, tuple(by_order[order] for order in sorted(by_order)))


def has_images(root: Path, folder: Path) -> bool:
    """Return whether there is an image in a folder; it looks no further than the first.

    Raises:
        DataError: the folder is missing, or a link leads out of ``root``.
    """
    return next(_entries(root, folder, _is_image), None) is not None


def number_of(image: Path) -> int | None:
    """Return the last number in an image's name; None if there is none."""
    found = _DIGITS.findall(image.stem)
    return int(found[-1]) if found else None


def images_between(root: Path, folder: Path, first: int, last: int) -> tuple[Path, ...]:
    """Return the images with the numbers ``first`` to ``last``, both included.

    Raises:
        DataError: one of them is missing, or as :func:`list_images`.
    """
    by_number = {number_of(image): image for image in list_images(root, folder)}
    missing = [number for number in range(first, last + 1) if number not in by_number]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise data_error(folder, f"image {missing[0]}{more} of {first} to {last} is missing")
    return tuple(by_number[number] for number in range(first, last + 1))


def gap(images: Sequence[Path]) -> str | None:
    """Return between which images a number is left out, in words; None: between none."""
    numbers = [number_of(image) for image in images]
    for index, (before, after) in enumerate(pairwise(numbers)):
        if before is not None and after is not None and after != before + 1:
            return f"between {images[index].name} and {images[index + 1].name}"
    return None


def natural_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts names as people do: numbers by their value, then by their digits."""
    return (*_order(name), (2, 0, name))


@arguments_checked
def subfolders(root: str | Path, folder: str | Path) -> list[str]:
    """Return the names of a folder's folders in natural order, without hidden ones.

    Raises:
        DataError: the folder is missing, or a link leads out of ``root`` or nowhere.
    """
    return sorted(_entries(Path(root), Path(folder), os.DirEntry.is_dir), key=natural_order)


def _is_image(entry: os.DirEntry[str]) -> bool:
    return _is_called_image(entry.name) and entry.is_file()


def _is_frame(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is an image; what only has the name of one is no frame to leave out."""
    if not _is_called_image(entry.name):
        return False
    if not entry.is_file():
        raise data_error(Path(entry.path), "is called an image, and is no file")
    return True


def _is_called_image(name: str) -> bool:
    dot = name.rfind(".")
    return dot > 0 and name[dot:].lower() in SUFFIXES


def _entries(root: Path, folder: Path, wanted: Callable[[os.DirEntry[str]], bool]) -> Iterator[str]:
    check_inside(root, folder)
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.name.startswith(".") and _is_wanted(entry, root, wanted):
                    yield entry.name
    except (FileNotFoundError, NotADirectoryError):
        raise data_error(folder, "is missing, or no folder") from None
    except OSError as error:
        raise data_error(folder, f"cannot be read ({error.strerror})") from error


def _is_wanted(
    entry: os.DirEntry[str], root: Path, wanted: Callable[[os.DirEntry[str]], bool]
) -> bool:
    """Whether an entry is wanted; of a link, where it leads is looked at first."""
    try:
        linked = entry.is_symlink()
        if linked and not Path(entry.path).exists():
            # a disk that is not there would otherwise be sequences fewer, without a word
            raise data_error(Path(entry.path), "is a link that leads nowhere")
        if not wanted(entry):
            return False
    except OSError as error:
        raise data_error(Path(entry.path), f"cannot be read ({error.strerror})") from error
    if linked:
        check_inside(root, Path(entry.path))
    return True


def _plainly_ordered(names: list[str]) -> tuple[str, ...] | None:
    """Return names in order that are numbers of equally many digits; None: they are not so.

    Of a long video there are thousands, and most are of this kind: then their letters' order is
    that of their numbers.
    """
    stems = [name.rpartition(".")[0] for name in names]
    digits = "".join(stems)
    if not (digits.isdecimal() and digits.isascii() and len(set(map(len, stems))) == 1):
        return None
    by_stem = dict(zip(stems, names, strict=True))
    if len(by_stem) < len(names):  # two of a frame: list_images says which
        return None
    return tuple(by_stem[stem] for stem in sorted(by_stem))


def _order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return an image's place among others: of its name without the ending."""
    stem = name.rpartition(".")[0] or name
    if stem.isdecimal():
        return ((0, int(stem), ""),)
    parts = _DIGITS.split(stem)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)
