"""What stays inside the data folder: names from lists, and where links lead."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from trackbench.datasets.readers.data_errors import data_error
from trackbench.printing.text import quoted


def check_inside(root: Path, path: Path) -> Path:
    """Return ``path``, of which no ``..`` and no link leads out of the folder ``root``.

    A ``root`` that is a link itself is fine: what counts is where it leads.

    Raises:
        DataError: it leads out, or in a circle.
    """
    if _is_plainly_inside(os.fspath(root), os.fspath(path)):
        return path
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


def _is_plainly_inside(root: str, path: str) -> bool:
    """Whether a path is written as one below ``root``, and nothing on its way there is a link.

    Nearly every path is such a one, and to ask for so much takes a tenth of the time.
    """
    below = path.removeprefix(root + os.sep)
    if below == path:
        return False
    at = root
    for name in below.split(os.sep):  # noqa: PTH206 - to make a path takes as long as all else
        at = f"{at}{os.sep}{name}"
        if name == os.pardir:
            return False
        try:
            if stat.S_ISLNK(os.lstat(at).st_mode):
                return False
        except (OSError, ValueError):  # what is wrong is found out again, and said
            return False
    return True


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
