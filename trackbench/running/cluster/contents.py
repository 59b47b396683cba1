"""The files that a worker was brought: kept by the hash of their content, checked when they come.

One folder a worker, which goes with it. What is in it was written by this process; nobody else has
its permission to.
"""

from __future__ import annotations

import re
from pathlib import Path

from trackbench.errors import TrackbenchError
from trackbench.results.parquet import sha256_of

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Contents:
    """Files by the SHA-256 of their content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Return where the content of a hash is, or would be."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(sha256)
        return self._folder / sha256

    def has(self, sha256: str) -> bool:
        """Whether it is here, whole."""
        return self.path(sha256).is_file()

    def receive(self, sha256: str, offset: int, piece: bytes, *, last: bool) -> None:
        """Write a piece of a content; with the last one it is checked, and here.

        Raises:
            TrackbenchError: it is not what its hash says.
            OSError: it cannot be written.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        coming = self._folder / f"{sha256}.coming"
        if offset == 0:
            coming.unlink(missing_ok=True)
        with coming.open("ab") as file:
            file.truncate(offset)
            file.write(piece)
        if not last:
            return
        digest = sha256_of(coming.read_bytes())
        if digest != sha256:
            coming.unlink()
            raise TrackbenchError(f"a file came as {digest[:12]} and not as {sha256[:12]}")
        coming.chmod(0o400)
        coming.replace(self.path(sha256))
