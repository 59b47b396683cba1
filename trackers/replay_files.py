"""Boxes in text files, one a line, as got10k, OTB and VOT write them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.results.bounded import read_bytes
from trackbench.results.stored_boxes import ANY, Said, StoredBoxes

LARGEST = 2**26
"""Bytes of a file."""

_BETWEEN = re.compile(r"[\s,;]+")
_BESIDE = ("_time", "_object_presence_scores")
"""Ends of the names of files that got10k and pytracking write beside those of boxes."""

_FIRST_GIVEN = ["1"]
"""The line of VOT's for the frame in which a tracker is given the true box."""


def boxes_in_files(folder: Path) -> StoredBoxes:
    """Return the boxes of ``FOLDER/DATASET/SEQUENCE.txt`` and ``FOLDER/SEQUENCE.txt``.

    As got10k writes them, a file may be ``FOLDER/SEQUENCE/SEQUENCE_001.txt``, too. A line is
    ``x, y, w, h`` in pixels, with a confidence behind it or without; between the numbers are
    commas, tabs or spaces. ``nan,nan,nan,nan`` says that the target is absent.

    Raises:
        TrackbenchError: there is no such file, or a line of one is no box; it says which.
    """
    boxes: dict[str, dict[str, NDArray[np.float64]]] = {}
    files = sorted([*folder.glob("*.txt"), *folder.glob("*/*.txt")])
    for file in files:
        if _stands_beside_boxes(file, files):
            continue
        dataset, name = ANY, file.stem
        if file.parent != folder:
            dataset = file.parent.name
            if name == f"{dataset}_001":
                dataset, name = ANY, dataset
        known = boxes.setdefault(dataset, {})
        if name in known:
            raise TrackbenchError(f"{folder} has two files of boxes for {name}: leave one there")
        known[name] = _read(file)
    if not boxes:
        raise TrackbenchError(
            f"{folder} holds no boxes: neither results of trackbench nor SEQUENCE.txt or "
            "DATASET/SEQUENCE.txt"
        )
    return StoredBoxes(folder.name, boxes)


def _stands_beside_boxes(file: Path, files: list[Path]) -> bool:
    """Whether a file is of the times or scores that toolkits write beside boxes."""
    for ending in _BESIDE:
        if file.stem.endswith(ending):
            name = file.stem.removesuffix(ending)
            return any(file.with_name(f"{name}{run}.txt") in files for run in ("", "_001"))
    return False


def _read(file: Path) -> NDArray[np.float64]:
    try:
        lines = read_bytes(file, LARGEST, "a file of boxes").decode().splitlines()
    except DamagedFileError as error:
        raise TrackbenchError(str(error)) from error
    except UnicodeDecodeError as error:
        raise TrackbenchError(f"{file} is no text of boxes") from error
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise TrackbenchError(f"{file} holds no boxes")
    return np.array([_box(file, number, line) for number, line in enumerate(lines, 1)])


def _box(file: Path, number: int, line: str) -> list[float]:
    words = _BETWEEN.split(line.strip())
    if number == 1 and words == _FIRST_GIVEN:
        return [*[np.nan] * 5, Said.GIVEN]
    try:
        numbers = list(map(float, words))
    except ValueError:
        numbers = []
    if len(numbers) not in {4, 5} or np.isinf(numbers).any():
        raise TrackbenchError(
            f"line {number} of {file} is no box: {line.strip()[:60]!r}, not x, y, w, h"
        )
    said = Said.ABSENT if np.isnan(numbers[:4]).all() else Said.BOX
    return [*numbers, *([np.nan] if len(numbers) == 4 else []), said]
