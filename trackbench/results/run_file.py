"""The ``bench.toml`` that was run into a results directory last, kept in it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from trackbench.results.bounded import read_bytes
from trackbench.results.folders import is_there

RUN_FILE = "bench.toml"
"""Its name."""

_LARGEST = 2**21


def run_file_sha256(directory: Path) -> str | None:
    """Return its SHA-256; None: none was run.

    Raises:
        DamagedFileError: it cannot be read.
    """
    path = directory / RUN_FILE
    if not is_there(path):
        return None
    content = read_bytes(path, _LARGEST, "a run in a file", links=False)
    return hashlib.sha256(content).hexdigest()
