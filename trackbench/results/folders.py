"""Folders whose names come from records and from directories: none of them leads out of its parent.

A results directory or an export is handed on, so it may hold links and names that nobody here has
made. The directory itself may be a link, for the user has named it; nothing below it may be one.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.printing.text import quoted


def inside(root: Path, *names: str) -> Path:
    """Return the folder of these names below ``root``, level by level.

    It need not exist.

    Raises:
        DamagedFileError: a name leads elsewhere (``..``, a slash), or a level is there and is no
            folder, such as a symbolic link.
    """
    folder = root
    for name in names:
        if name in {"", ".", ".."} or "/" in name or "\x00" in name:
            raise DamagedFileError(f"{folder} has no folder of the name {quoted(name)}")
        folder /= name
        _check_folder(folder)
    return folder


def make_inside(root: Path, *names: str) -> Path:
    """Return the folder of these names below ``root``, made if it is not there.

    Raises:
        DamagedFileError: as :func:`inside`.
        TrackbenchError: it cannot be made.
    """
    folder = inside(root, *names)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrackbenchError(f"{folder} cannot be made: {error.strerror}") from error
    return folder


def is_there(path: Path) -> bool:
    """Whether there is anything at a path, a link that leads nowhere included.

    Raises:
        DamagedFileError: nobody can say, for the folder cannot be read.
    """
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise DamagedFileError(f"{path} cannot be read: {error.strerror}") from error
    return True


def subfolders(folder: Path, prefix: str = "", only: str | None = None) -> list[Path]:
    """Return the folders in a folder, in order of their names; none if it is not there.

    Files are passed over, and so is what begins with a dot, or not with the prefix. ``only`` is the
    name of the one that is asked for: the others are no less held to be no links.

    Raises:
        DamagedFileError: one is a symbolic link, or the folder cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            found = [
                entry
                for entry in entries
                if entry.name.startswith(prefix) and not entry.name.startswith(".")
            ]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DamagedFileError(f"{folder} cannot be read: {error.strerror}") from error
    for entry in found:
        if entry.is_symlink():
            raise _link(Path(entry.path))
    asked = found if only is None else [entry for entry in found if entry.name == only]
    names = sorted(entry.name for entry in asked if entry.is_dir(follow_symlinks=False))
    return [folder / name for name in names]


def _check_folder(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:  # ValueError: a character that no file's name can have
        reason = error.strerror if isinstance(error, OSError) else "no folder has such a name"
        raise DamagedFileError(f"{path} cannot be read: {reason}") from error
    if stat.S_ISLNK(mode):
        raise _link(path)
    if not stat.S_ISDIR(mode):
        raise DamagedFileError(f"{path} is no folder, where there should be one")


def _link(path: Path) -> DamagedFileError:
    return DamagedFileError(f"{path} is a symbolic link, and none is followed here")
