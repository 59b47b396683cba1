"""The names in a ``list.txt``: which sequences there are, and their order."""

from __future__ import annotations

from pathlib import Path

from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.inside import check_name
from trackbench.datasets.readers.text_file import read_lines


def listed_names(root: Path, path: Path) -> list[str]:
    """Return the names of sequences in a list, one a line; empty lines are left out.

    Raises:
        DataError: the list is missing or empty, or a name is none, or is there twice.
    """
    names: dict[str, int] = {}
    for number, line in enumerate(read_lines(root, path), 1):
        if not line.strip():
            continue
        name = check_name(line.strip(), path, number)
        if name in names:
            raise data_error(path, f"{name} stands in line {names[name]} already", number)
        names[name] = number
    if not names:
        raise data_error(path, "is empty: it names no sequence")
    return list(names)
