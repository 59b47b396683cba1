"""Which trackbench computes: the version, and the commit, of a checkout the one that it is at now.

What is installed for development knows its version from the day it was installed, and the code has
gone on since.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
BUILT_FROM = PACKAGE / "built_from.json"
"""Which commit a wheel was made of; a checkout has none and asks git."""


@dataclass(frozen=True)
class Commit:
    """A commit, and whether the code was changed after it."""

    sha: str
    changed: bool


@cache  # what is imported is what it was, and git takes its time
def commit() -> Commit | None:
    """Return the commit that the code here is of; None: it is not known."""
    if BUILT_FROM.is_file():
        with suppress(ValueError, KeyError, TypeError):
            said = json.loads(BUILT_FROM.read_text(encoding="utf-8"))
            return Commit(str(said["commit"]), bool(said["dirty"]))
    said = _git("status", "--porcelain=v2", "--branch", "--untracked-files=no").splitlines()
    head = next((line.split()[-1] for line in said if line.startswith("# branch.oid ")), "")
    changed = any(not line.startswith("#") for line in said)
    return Commit(head, changed) if re.fullmatch("[0-9a-f]+", head) else None


@cache
def code_version() -> str:
    """Return the version of the code, such as ``0.2.1.dev3+g394f9d8aa1.dirty`` of a checkout.

    Raises:
        importlib.metadata.PackageNotFoundError: trackbench is not installed.
    """
    installed = metadata.version("trackbench")
    if BUILT_FROM.is_file() or (found := commit()) is None:
        return installed
    number, _, local = installed.partition("+")
    if not local and not found.changed and _is_tagged(number):
        return installed
    return f"{number}+g{found.sha[:10]}{'.dirty' if found.changed else ''}"


def _is_tagged(number: str) -> bool:
    return f"v{number}" in _git("tag", "--points-at", "HEAD").split()


def _git(*arguments: str) -> str:
    """Return what git says of the checkout here; nothing where there is none, or it refuses."""
    root = PACKAGE.resolve().parent
    if not (root / ".git").exists():
        return ""
    # A hook of another repository says there which one it is of.
    environment = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
    with suppress(OSError):
        done = subprocess.run(
            ["git", "--no-optional-locks", "-C", str(root), *arguments],  # noqa: S607 - as found
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env=environment,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout.strip()
    return ""
