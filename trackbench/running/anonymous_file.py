"""Memory in the shape of an open file without a name, to be handed to another process."""

from __future__ import annotations

import fcntl
import math
import mmap
import os
import sys
import tempfile
from contextlib import suppress

import numpy as np

from trackbench.contracts import Frame
from trackbench.errors import TrackbenchError
from trackbench.printing.amounts import memory

_SEAL_FUTURE_WRITE = 0x10
"""Linux 5.1: whoever has the file from now on can only read it. Python has no name for it."""


def create(size: int, spare: int = 0) -> int:
    """Return a descriptor of a new file of ``size`` zero bytes, which ends with its last user.

    Args:
        size: bytes.
        spare: so many of them, at the end, take room only when they are used.

    Raises:
        TrackbenchError: there is no room for it.
    """
    if sys.platform == "linux" and hasattr(os, "memfd_create"):  # not every C library has it
        file = os.memfd_create("trackbench", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.truncate(file, size)
        except OSError as error:
            os.close(file)
            raise _no_room(size, error) from error
        return file
    else:  # noqa: RET505 - or a type checker that knows its platform calls it unreachable
        return _create_on_disk(size, spare)


def _create_on_disk(size: int, spare: int = 0) -> int:
    try:
        with tempfile.TemporaryFile(prefix="trackbench-") as named:  # its name is gone already
            # Written, not only lengthened: a full disk is an error here, not a crash at first use.
            dense = size - spare
            for start in range(0, dense, 1 << 20):
                named.write(bytes(min(1 << 20, dense - start)))
            named.flush()
            named.truncate(size)
            return os.dup(named.fileno())
    except OSError as error:
        raise _no_room(size, error) from error


def _no_room(size: int, error: OSError) -> TrackbenchError:
    return TrackbenchError(
        f"there is no room for {memory(size)} of memory between processes: {error.strerror}"
    )


class FrameFile:
    """Frames that a host reads and cannot change for anybody but itself.

    A host maps the file privately: what it writes to a page is a copy of its own. It must not see
    the next video in a frame that it has kept of this one, so the file is filled anew only when the
    host has said that it kept none.

    Attributes:
        frames: of the shape that was asked for, uint8, zeros at first.
        file: the descriptor to be sent.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.file = create(math.prod(shape))
        self._memory = mmap.mmap(self.file, math.prod(shape))
        self.frames: Frame = np.frombuffer(self._memory, np.uint8).reshape(shape)
        if sys.platform == "linux":
            with suppress(OSError):  # an older kernel
                fcntl.fcntl(self.file, fcntl.F_ADD_SEALS, _SEAL_FUTURE_WRITE | fcntl.F_SEAL_SHRINK)

    def close(self) -> None:
        """Let the memory go, as soon as no host has it any more."""
        del self.frames
        with suppress(BufferError):  # an error on its way holds a view, and the memory until then
            self._memory.close()
        os.close(self.file)
