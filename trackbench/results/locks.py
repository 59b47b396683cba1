"""Locks between processes: a file that one of them, or several readers, hold."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trackbench.errors import DamagedFileError, TrackbenchError


class HeldError(TrackbenchError):
    """Somebody else holds the lock."""


@contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[None]:
    """Hold the lock ``path``, a file that is made if it is not there.

    It is freed when the process ends, however it ends.

    Args:
        path: of the file, in a folder that is there.
        shared: others may hold it in the same way.
        wait: until it is free.

    Raises:
        HeldError: it is not free, and was not to be waited for.
        DamagedFileError: there is something else in its place, such as a link or a pipe.
        TrackbenchError: it cannot be made, or the file system has no locks.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    try:
        handle = os.open(path, flags, 0o666)
    except OSError as error:
        if path.is_symlink() or path.exists():
            raise DamagedFileError(f"{path} is no lock: {error.strerror}") from error
        raise TrackbenchError(f"{path} cannot be made: {error.strerror}") from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise DamagedFileError(f"{path} is no lock: it is no regular file")
        mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(handle, mode if wait else mode | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HeldError(f"another run holds {path}") from error
        except OSError as error:
            raise TrackbenchError(f"{path} cannot be locked: {error.strerror}") from error
        yield
    finally:
        os.close(handle)
