"""What a worker computes with, and whether that is what this process computes with."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import trackbench
from trackbench.results.machine import Machine

_MAY_DIFFER = frozenset({"platform", "pyarrow"})
"""Of what is recorded: parts are written by the parent alone, and any system will do."""


@dataclass(frozen=True)
class Facts:
    """What a worker is.

    Attributes:
        machine: what is recorded of it.
        source: hash of our own source there.
    """

    machine: Machine
    source: str


def facts() -> Facts:
    """Return what this process is."""
    return Facts(Machine.here(), _own_source())


def differences(here: Facts, there: Facts) -> list[str]:
    """Say what a worker has in another version, such as ``numpy 2.1.0 and not 2.4.6``."""
    ours, theirs = _compared(here.machine.versions), _compared(there.machine.versions)
    found = [
        f"{name} {theirs.get(name, 'missing')} and not {ours.get(name, 'none')}"
        for name in sorted(ours.keys() | theirs.keys())
        if ours.get(name) != theirs.get(name)
    ]
    if here.source != there.source and ours["trackbench"] == theirs.get("trackbench"):
        found.append(f"other source of trackbench {ours['trackbench']}")
    return found


def _compared(found: Mapping[str, str]) -> dict[str, str]:
    """Return what must be equal; of Python major and minor version, for compiled code travels."""
    kept = {name: version for name, version in found.items() if name not in _MAY_DIFFER}
    return {**kept, "python": ".".join(kept["python"].split(".")[:2])}


@cache
def _own_source() -> str:
    """Return the SHA-256 over names and contents of our own modules, in hexadecimal."""
    folder = Path(trackbench.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(_modules(folder)):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder)} {len(content)} ".encode() + content)
    return digest.hexdigest()


def _modules(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (Path(place) / name for name in names if name.endswith(".py"))
