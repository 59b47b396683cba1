"""What stays inside the data folder: names from lists, and where links lead."""

from __future__ import annotations

import os
from pathlib import Path

from trackbench.datasets.readers.data_errors import data_error
from trackbench.printing.text import quoted


def check_inside(root: Path, path: Path) -> Path:
    """Return ``path``, of which no ``..`` and no link leads out of the folder ``root``.

    A ``root`` that is a link itself is fine: what counts is where it leads.

    Raises:
        DataError: it leads out, or in a circle.
    """
    try:
        real, top = os.path.realpath(path), os.path.realpath(root)
        inside = os.path.commonpath([real, top]) == top
        path.stat()
    except FileNotFoundError:
        pass  # what is missing is said by those who need it
    except ValueError:
        raise data_error(path, "is no path") from None
    except OSError as error:
        raise data_error(path, f"cannot be reached ({error.strerror})") from error
    if not inside:
        raise data_error(
            path,
            f"leads out of the data folder {root}, to {real}: put the files there, or name the "
            "folder that holds them all",
        )
    return path


def check_name(name: str, listed_in: Path, line: int) -> str:
    """Return a sequence's name from a list, which has to be the name of one folder.

    Raises:
        DataError: it is a path, or no name at all.
    """
    if not name or name in {".", ".."} or any(sign in name for sign in "/\\\0"):
        raise data_error(
            listed_in,
            f"{quoted(name)} is no name of a folder beside it: a sequence is named by its folder, "
            "without slashes",
            line,
        )
    return name
