"""Where a new file or folder goes: where nothing is, in a folder that is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trackbench.errors import TrackbenchError, parameter


def target(out: Path | None, usual: str) -> Path:
    """Return where something new goes, before anything is made.

    Args:
        out: where the user wants it; None: in the working folder.
        usual: what it is called in a folder.

    Raises:
        TrackbenchError: there is something, or no folder to put it in.
    """
    path = Path(usual) if out is None else out
    if out is not None and out.is_dir():
        raise TrackbenchError(
            f"{out} is there already and stays as it is: choose another {parameter('out')}, such "
            "as "
            f"{out / usual}"
        )
    if os.path.lexists(path):
        raise _exists(path)
    if not path.absolute().parent.is_dir():
        raise TrackbenchError(
            f"there is no folder {path.parent}: make it first, or choose another {parameter('out')}"
        )
    return path


@contextmanager
def said_of_target(path: Path) -> Iterator[None]:
    """Make a clear line of what hinders writing.

    Raises:
        TrackbenchError: there is something at ``path``, or it cannot be written.
    """
    try:
        yield
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError as error:
        raise TrackbenchError(f"{path} cannot be written: {error.strerror}") from error


def _exists(path: Path) -> TrackbenchError:
    return TrackbenchError(
        f"{path} is there already and stays as it is: choose another {parameter('out')}"
    )
