"""Locks between processes: a file that one of them, or several of them, hold.

A lock is ``flock`` on a file, by way of ``filelock``. It is put on a file that is opened here, so
that no link is followed, no pipe or device is held, and a file that was removed meanwhile is
noticed.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import lock_descriptor

from trackbench.errors import DamagedFileError, TrackbenchError

_TRIES = 100
"""To hold a lock whose file is removed each time before it is held."""


class HeldError(TrackbenchError):
    """Somebody else holds the lock."""


@dataclass(frozen=True)
class Lock:
    """A lock that is held.

    Attributes:
        path: of its file.
        handle: the open file.
    """

    path: Path
    handle: int

    @property
    def there(self) -> bool:
        """Whether its file still stands at its path: if not, another can be made and held there."""
        try:
            return os.path.samestat(os.fstat(self.handle), os.lstat(self.path))
        except OSError:
            return False

    def check(self) -> None:
        """Make sure that nobody else can hold the lock.

        Raises:
            TrackbenchError: its file was removed, moved or replaced, most likely with its folder.
        """
        if not self.there:
            raise TrackbenchError(
                f"{self.path.parent} was removed, moved or replaced while it was written to: what "
                "was stored there is gone from it; the same command goes on with what is there now"
            )


@contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[Lock]:
    """Hold the lock ``path``, a file that is made if it is not there.

    It is freed when the process ends, however it ends. A file that was removed while it was waited
    for is no lock any more: the one that is there now is held.

    Args:
        path: of the file, in a folder that is there.
        shared: others may hold it in the same way.
        wait: until it is free.

    Raises:
        HeldError: it is not free, and was not to be waited for.
        DamagedFileError: there is something else in its place, such as a link or a pipe.
        TrackbenchError: it cannot be made, or the file system has no locks.
    """
    mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    for _ in range(_TRIES):
        lock = Lock(path, _opened(path))
        try:
            _hold(lock, mode if wait else mode | fcntl.LOCK_NB)
            if lock.there:
                yield lock
                return
        finally:
            os.close(lock.handle)
    raise TrackbenchError(f"{path} cannot be held: it is another file each time")


def _opened(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    try:
        return os.open(path, flags, 0o666)
    except OSError as error:
        if path.is_symlink() or path.exists():
            raise DamagedFileError(f"{path} is no lock: {error.strerror}") from error
        raise TrackbenchError(f"{path} cannot be made: {error.strerror}") from error


def _hold(lock: Lock, mode: int) -> None:
    """Hold an open lock in a mode of ``flock``, or raise as :func:`locked` does."""
    if not stat.S_ISREG(os.fstat(lock.handle).st_mode):
        raise DamagedFileError(f"{lock.path} is no lock: it is no regular file")
    try:
        held = _flock(lock.handle, mode)
    except OSError as error:
        raise TrackbenchError(f"{lock.path} cannot be locked: {error.strerror}") from error
    if not held:
        raise HeldError(f"another run holds {lock.path}")


def _flock(handle: int, mode: int) -> bool:
    """Hold an open file; return whether it is held."""
    wait = not mode & fcntl.LOCK_NB
    if mode & fcntl.LOCK_EX:
        return lock_descriptor(handle, blocking=wait)
    # filelock shares no descriptor: its locks for readers are a database of their own. Both are
    # flock, so one waits for the other.
    try:
        fcntl.flock(handle, mode)
    except BlockingIOError:
        return False
    return True
