"""What ``trackbench --version`` says: the version, the commit, and the weights."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
BUILT_FROM = PACKAGE / "built_from.json"
"""Which commit a wheel was made of; a checkout has none and asks git."""
_PREFIX = 12


def version_lines() -> list[str]:
    """Return the version, the commit and each shipped weights file's SHA-256, a line each."""
    import trackbench
    from trackbench.trackers.shipped import hashes

    return [
        f"trackbench {trackbench.__version__}",
        f"commit {_commit()}",
        *(f"weights {sha256[:_PREFIX]} {name}" for name, sha256 in hashes().items()),
    ]


def _commit() -> str:
    """Return the commit that this was made of, and whether it was changed after that."""
    if BUILT_FROM.is_file():
        with suppress(ValueError, KeyError, TypeError):
            said = json.loads(BUILT_FROM.read_text(encoding="utf-8"))
            return _said(str(said["commit"]), changed=bool(said["dirty"]))
    root = PACKAGE.resolve().parent
    if (root / ".git").exists() and (commit := _git(root, "rev-parse", "HEAD")):
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
        return _said(commit, changed=bool(changed))
    return "not known: it was built outside of git"


def _said(commit: str, *, changed: bool) -> str:
    return f"{commit[:_PREFIX]}{', and changed since' if changed else ''}"


def _git(folder: Path, *arguments: str) -> str:
    """Return what git says; nothing where there is none, or it refuses."""
    with suppress(OSError):
        done = subprocess.run(
            ["git", "--no-optional-locks", "-C", str(folder), *arguments],  # noqa: S607 - as found
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout.strip()
    return ""
