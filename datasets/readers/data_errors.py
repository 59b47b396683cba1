"""Errors that name a file on the user's disk, and the line where there is one."""

from __future__ import annotations

from pathlib import Path

from trackbench.errors import DataError
from trackbench.printing.text import visible

FilePath = str | Path
"""A path, as text where one is made for each frame: a :class:`Path` takes its time."""


def data_error(path: FilePath, why: str, line: int | None = None) -> DataError:
    """Return the error ``PATH, line N: WHY``.

    Args:
        path: of the file or folder that is wrong.
        why: what is wrong with it, and what to do.
        line: from 1; None: it is no matter of a line.
    """
    at = "" if line is None else f", line {line}"
    return DataError(visible(f"{path}{at}: {why}"))
