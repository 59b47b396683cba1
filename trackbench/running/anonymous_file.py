"""Memory in the shape of an open file without a name, to be handed to another process."""

from __future__ import annotations

import fcntl
import math
import mmap
import os
import sys
import tempfile

import numpy as np

from trackbench.contracts import Frame


def create(size: int) -> int:
    """Return a descriptor of a new file of ``size`` zero bytes, which ends with its last user.

    Raises:
        OSError: there is no room for it.
    """
    if sys.platform == "linux":
        file = os.memfd_create("trackbench", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.truncate(file, size)
        return file
    else:  # noqa: RET505 - or a type checker that knows its platform calls it unreachable
        return _create_on_disk(size)


def _create_on_disk(size: int) -> int:
    with tempfile.TemporaryFile(prefix="trackbench-") as named:  # its name is gone already
        # Written, not only lengthened: a full disk is an error here, not a crash at first use.
        for start in range(0, size, 1 << 20):
            named.write(bytes(min(1 << 20, size - start)))
        named.flush()
        return os.dup(named.fileno())


class FrameFile:
    """Frames to be written once, and then read by a host that cannot change what others see.

    Attributes:
        frames: of the shape that was asked for, uint8, zeros; to be filled before :meth:`finish`.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        size = math.prod(shape)
        self._file = create(size)
        self._memory = mmap.mmap(self._file, size)
        self.frames: Frame = np.frombuffer(self._memory, np.uint8).reshape(shape)

    def finish(self) -> int:
        """Return the descriptor, for sending; ``frames`` are gone, and nobody can write any more.

        A host maps the file privately, so even where there are no seals (beyond Linux) what it
        writes to its frames is its own.
        """
        del self.frames
        self._memory.close()
        if sys.platform == "linux":
            seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
            fcntl.fcntl(self._file, fcntl.F_ADD_SEALS, seals)
        return self._file

    def discard(self) -> None:
        """Give the memory back, unsent."""
        del self.frames
        self._memory.close()
        os.close(self._file)
