"""Atomic writes: a reader sees the old file or the new one, never half of one.

And whether there can be any.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trackbench.errors import TrackbenchError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; on success it takes the place of ``path``."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)  # mkstemp's are for the owner only
        temporary.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise


def write_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` in UTF-8, atomically."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def check_writable(folder: Path, what: str) -> None:
    """Make sure that files can be written into a folder that need not exist; nothing is left.

    Args:
        folder: which.
        what: its content, in the plural, for messages.

    Raises:
        TrackbenchError: there is a file in the way, or it is not writable.
    """
    parent = next(p for p in (folder, *folder.parents) if p.exists())
    if not parent.is_dir():
        raise TrackbenchError(f"{parent} is a file: {what} need a directory, see --out")
    try:
        # Trying is the only sure answer: permissions, read-only mounts, a full disk, a name
        # that is too long or a link that leads nowhere.
        if parent != folder:
            folder.mkdir(parents=True)
            for made in (folder, *folder.parents):
                if made == parent:
                    break
                made.rmdir()
        with tempfile.TemporaryFile(dir=parent) as probe:
            probe.write(b"trackbench")
    except OSError as error:
        raise TrackbenchError(
            f"{folder} is not writable ({error.strerror}): choose another --out"
        ) from error
