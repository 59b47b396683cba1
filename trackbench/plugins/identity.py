"""What results are kept under: one hash of all that decides them, put together part by part.

:mod:`.tracker_identity` and :mod:`.dataset_identity` say which parts.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.hashing.tokens import UnhashableError
from trackbench.plugins.importing import environment_before
from trackbench.plugins.neighbours import PLUGIN_MODULE, plugin_module
from trackbench.plugins.reads import paths_read, variables_read, what_is_unseen


@dataclass(frozen=True)
class Identity:
    """What a run is kept under.

    Attributes:
        fingerprint: SHA-256 in hexadecimal. Where something cannot be hashed it is another one
            each time it is asked for, and never found again: ask once a run.
        unhashed: one line with what cannot be hashed, and why; None if everything is.
    """

    fingerprint: str
    unhashed: str | None = None


@dataclass
class Parts:
    """What was hashed so far.

    Attributes:
        values: plain JSON: names of parts, and the parts or their hashes.
        unhashed: a line with the first thing that cannot be hashed; None: everything was.
    """

    values: dict[str, Any] = field(default_factory=dict)
    unhashed: str | None = None

    def fail(self, line: str) -> None:
        """Note that something cannot be hashed; the first line is kept."""
        self.unhashed = self.unhashed or " ".join(line.split())

    def identity(self, name: str) -> Identity:
        """Return the hash over all parts; ``name``: of the tracker or data set."""
        if self.unhashed is None:
            return Identity(json_sha256(self.values))
        # Nothing stands for what cannot be hashed, so nothing may ever be found under it.
        found = json_sha256({**self.values, "unhashed": secrets.token_hex(32)})
        return Identity(found, f"{name} is run anew each time: {self.unhashed}")


def add_reads(parts: Parts, reads: Iterable[str], hashed: Callable[[Path], str]) -> None:
    """Add what an author's code was seen to read.

    Args:
        parts: to add to.
        reads: notes; see :mod:`trackbench.host.reads`.
        hashed: returns the hash of a file or folder.
    """
    for path in sorted(paths_read(reads)):
        try:
            there = hashed(path) if path.exists() else "not there"
        except UnhashableError as error:
            parts.fail(f"it reads {error}")
        else:
            parts.values.setdefault("reads", []).append((path.name, there))
    if names := sorted(variables_read(reads)):
        given = environment_before()
        parts.values["variables"] = {name: given.get(name) for name in names}
    unseen = what_is_unseen(reads)
    if unseen is not None:
        parts.fail(unseen)


def factory_name(factory: Any) -> str:
    """Return the name of a factory, the same wherever its module lies."""
    if isinstance(factory, Elsewhere):  # where it is installed, its versions stand for its code
        return " ".join((factory.dotted, *(" ".join(pair) for pair in factory.versions)))
    if isinstance(factory, str):
        return factory
    module = str(factory.__module__)
    file = getattr(sys.modules.get(module), "__file__", None)
    if module.startswith(PLUGIN_MODULE) and isinstance(file, str):
        module = plugin_module(Path(file))  # without the number that keeps it apart from others
    return f"{module}:{factory.__qualname__}"


def json_sha256(described: Any) -> str:
    """Return the SHA-256 of a value's JSON, in hexadecimal."""
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
