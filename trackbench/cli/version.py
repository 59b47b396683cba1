"""What ``trackbench --version`` says: the version, the commit, and the weights."""

from __future__ import annotations

_PREFIX = 12


def version_lines() -> list[str]:
    """Return the version, the commit and each shipped weights file's SHA-256, a line each."""
    import trackbench
    from trackbench.results.code_version import commit
    from trackbench.trackers.shipped import hashes

    found = commit()
    said = "not known: it was built outside of git"
    if found is not None:
        said = f"{found.sha[:_PREFIX]}{', and changed since' if found.changed else ''}"
    return [
        f"trackbench {trackbench.__version__}",
        f"commit {said}",
        *(f"weights {sha256[:_PREFIX]} {name}" for name, sha256 in hashes().items()),
    ]
