"""The weights that come with the package. No torch here: listing trackers reads this."""

from __future__ import annotations

import hashlib
from pathlib import Path

from trackbench.errors import DamagedFileError, parameter
from trackbench.results.bounded import read_bytes, read_text

FOLDER = Path(__file__).parent / "weights"
"""``<tracker name>.safetensors``, and the hashes of all in ``SHA256SUMS``."""


LARGEST = 2**30
"""Bytes of a file that is read."""


def hashes(folder: Path = FOLDER) -> dict[str, str]:
    """Tracker name -> SHA-256 of its file, as stated.

    Raises:
        DamagedFileError: the list is none.
    """
    sums = folder / "SHA256SUMS"
    lines = read_text(sums, LARGEST, "a list of hashes").splitlines() if sums.exists() else []
    pairs = [line.split() for line in lines]
    if any(len(pair) != 2 for pair in pairs):
        raise DamagedFileError(f"{sums} is not a list of hashes: install again")
    return {name.removesuffix(".safetensors"): sha for sha, name in pairs}


def check(path: Path) -> None:
    """Hold a shipped file to its stated hash, which results are stored under.

    Raises:
        DamagedFileError: it is another file.
    """
    content = read_bytes(path, LARGEST, "a weights file")
    if hashlib.sha256(content).hexdigest() != hashes(path.parent).get(path.stem):
        raise DamagedFileError(
            f"{path} is not the file that {path.parent / 'SHA256SUMS'} states: install again, or "
            f"give weights of your own with {parameter('weights')}"
        )
