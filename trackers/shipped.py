"""The weights that come with the package. No torch here: listing trackers reads this."""

from __future__ import annotations

import hashlib
from pathlib import Path

from trackbench.errors import DamagedFileError

FOLDER = Path(__file__).parent / "weights"
"""``<tracker name>.safetensors``, and the hashes of all in ``SHA256SUMS``."""


def hashes(folder: Path = FOLDER) -> dict[str, str]:
    """Tracker name -> SHA-256 of its file, as stated."""
    sums = folder / "SHA256SUMS"
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.exists() else []
    return {name.removesuffix(".safetensors"): sha for sha, name in map(str.split, lines)}


def check(path: Path) -> None:
    """Hold a shipped file to its stated hash, which results are stored under.

    Raises:
        DamagedFileError: it is another file.
    """
    if hashlib.sha256(path.read_bytes()).hexdigest() != hashes(path.parent).get(path.stem):
        raise DamagedFileError(
            f"{path} is not the file that {path.parent / 'SHA256SUMS'} states: install again, or "
            "give weights of your own with --weights"
        )
