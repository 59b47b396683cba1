"""Tags, labels and values of a VOT sequence as attributes of frames."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.readers.matching import as_long
from trackbench.datasets.readers.text_file import read_flags, read_values
from trackbench.printing.amounts import counted

_YES_OR_NO = (".tag", ".label")


def attribute_files(folder: Path) -> list[Path]:
    """Return the files of a sequence that say something of its frames, by name."""
    endings = (*_YES_OR_NO, ".value")
    return sorted(path for ending in endings for path in folder.glob(f"*{ending}"))


def read_attributes(
    root: Path, folder: Path, frames: int
) -> tuple[dict[str, NDArray[Any]], tuple[str, ...]]:
    """Return name -> values (T,), bool or float64, and notes on what did not fit.

    Args:
        root: the data folder.
        folder: of the sequence.
        frames: T.

    Raises:
        DataError: a file is not of numbers, or not of 0 and 1.
    """
    found: dict[str, NDArray[Any]] = {}
    notes = []
    for path in attribute_files(folder):
        if path.suffix not in _YES_OR_NO:
            found[path.stem] = read_values(root, path)
            continue
        values = read_flags(root, path)
        if 0 < len(values) < frames:
            notes.append(f"{path.name}: {counted(len(values), 'value')}, the rest taken as no")
        if len(values) < frames:
            values = np.concatenate([values, np.zeros(frames - len(values), np.bool_)])
        found[path.stem] = values
    fitting, left = as_long(found, frames)
    return fitting, (*notes, *left)
