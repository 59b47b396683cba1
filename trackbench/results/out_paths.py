"""Whether what a user wants written can be written there, asked before anything is done for it."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from trackbench.errors import TrackbenchError, parameter


def check_out_file(out: Path, name: str = "out") -> None:
    """Make sure that a file can be written; nothing is left.

    A device or a pipe may be there already, and a file that is replaced may be read-only.

    Args:
        out: the file.
        name: of the parameter that it was given by, for messages.

    Raises:
        TrackbenchError: no file of this name can be, or the system refuses it.
    """
    try:
        if why := _no_file(out):
            raise TrackbenchError(
                f"{parameter(name)} {out} is not a file in an existing folder: {why}"
            )
        if out.exists() and not out.is_file():
            if not os.access(out, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return
        # Trying is the only sure answer: permissions, read-only mounts, a full disk.
        with tempfile.TemporaryFile(dir=led_to(out).parent) as probe:
            probe.write(b"trackbench")
    except OSError as error:
        raise TrackbenchError(f"{out} cannot be written: {error.strerror}") from error


def _no_file(out: Path) -> str:
    """Return why there can be no file of a name; empty: there can be."""
    parent = out.absolute().parent
    if out.is_dir():
        return "it is a folder, so write a file's name behind it"
    if parent.is_dir():
        return ""
    return f"{out.parent} is a file" if parent.exists() else f"there is no folder {out.parent}"


def check_out_folder(folder: Path, what: str) -> None:
    """Make sure that files can be written into a folder that need not exist; nothing is left.

    Args:
        folder: which.
        what: its content, in the plural, for messages.

    Raises:
        TrackbenchError: there is a file in the way, or it is not writable.
    """
    parent = next(p for p in (folder, *folder.parents) if p.exists())
    if not parent.is_dir():
        raise TrackbenchError(
            f"{parent} is a file: {what} need a directory, see {parameter('out')}"
        )
    try:
        # Trying is the only sure answer: permissions, read-only mounts, a full disk, a name
        # that is too long or a link that leads nowhere.
        if parent != folder:
            _try_to_make(folder.relative_to(parent), parent)
        with tempfile.TemporaryFile(dir=parent) as probe:
            probe.write(b"trackbench")
    except OSError as error:
        raise TrackbenchError(
            f"{folder} is not writable ({error.strerror}): choose another {parameter('out')}"
        ) from error


def _try_to_make(path: Path, parent: Path) -> None:
    """Make the folders of a relative path, and remove them again.

    Not in their own place, where another run may be about to write.
    """
    if (parent / path.parts[0]).is_symlink() and not (parent / path.parts[0]).exists():
        raise FileNotFoundError(errno.ENOENT, "it is a link that leads nowhere")
    with tempfile.TemporaryDirectory(dir=parent) as probe:
        (Path(probe) / path).mkdir(parents=True)


def led_to(path: Path) -> Path:
    """Return the file that a path leads to; it need not be there.

    Raises:
        OSError: links lead back to themselves.
    """
    try:
        end = path.resolve()
    except RuntimeError:  # pathlib's word for that before Python 3.13; since then it has none
        end = path
    if end.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return end
