"""Keeps the C library from handing memory back between two batches."""

from __future__ import annotations

import ctypes

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4


def keep_freed_memory() -> None:
    """Let this process reuse large blocks instead of returning them to the system.

    A batch needs a dozen blocks of 30 MB. glibc maps each anew and the kernel clears it page by
    page: seen on two cores, half of a training step of RecTracker-ID went into page faults. Does
    nothing on other C libraries.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "gnu_get_libc_version"):
        library.mallopt(M_MMAP_MAX, 0)
        library.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
        library.mallopt(M_TOP_PAD, 64 << 20)
