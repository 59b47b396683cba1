"""Hashes over several source files of an author's."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from trackbench.plugins.hashing.source_file import OwnFile


def files_sha256(files: Mapping[str, OwnFile]) -> str:
    """Return the hash of one file's bytes; of several, of their names and hashes."""
    if len(files) == 1:
        return next(iter(files.values())).sha256
    text = "".join(f"{name} {file.sha256}\n" for name, file in sorted(files.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def files_and_state_sha256(files: Mapping[str, OwnFile], state: bytes) -> str:
    """Return the hash of files and of what they do not say."""
    lines = [f"{name} {file.sha256}" for name, file in sorted(files.items())]
    return hashlib.sha256("\n".join([state.hex(), *lines]).encode()).hexdigest()
