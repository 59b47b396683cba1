"""The version is the git tag's (``v0.2.0``), and the commit that is built goes into the package.

After a tag it is a version before the next: three commits after ``v0.2.0`` is ``0.2.1.dev3`` with
the commit behind it. Where git or its tags are not there, as in a shallow clone, it is a version
before the first; in a source distribution, what that says of itself. All else is in pyproject.toml.
"""

from __future__ import annotations

import json
import re
import subprocess
from email import message_from_string
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = Path(__file__).resolve().parent
BEFORE_ANY_TAG = "0.1.0.dev0"
BUILT_FROM = "trackbench/built_from.json"
"""In a wheel and in a source distribution: which commit they are of."""

DESCRIBED = re.compile(r"v(\d+(?:\.\d+)*)\.(\d+)((?:a|b|rc)\d+)?-(\d+)-g([0-9a-f]+)(-dirty)?")


def version() -> str:
    """Return the version of what is built here."""
    stated = HERE / "PKG-INFO"
    if stated.is_file():  # a source distribution
        return str(message_from_string(stated.read_text(encoding="utf-8"))["Version"])
    match = DESCRIBED.fullmatch(
        git("describe", "--tags", "--long", "--abbrev=10", "--dirty", "--match=v[0-9]*.[0-9]*")
    )
    if match is None:
        commit = git("rev-parse", "--short=10", "HEAD")
        return f"{BEFORE_ANY_TAG}+g{commit}" if commit else BEFORE_ANY_TAG
    begin, last, candidate, after, commit, dirty = match.groups()
    if after == "0" and not dirty:
        return f"{begin}.{last}{candidate or ''}"
    changed = ".dirty" if dirty else ""
    if candidate:  # 0.2.0rc1 is followed by 0.2.0rc2 or 0.2.0
        return f"{begin}.{last}{candidate}.post{after}.dev0+g{commit}{changed}"
    return f"{begin}.{int(last) + 1}.dev{after}+g{commit}{changed}"


def git(*arguments: str) -> str:
    """Return what git says of this folder; nothing where this folder is no checkout of its own."""
    try:
        top = _asked("rev-parse", "--show-toplevel")
        return _asked(*arguments) if top and Path(top).resolve() == HERE else ""
    except OSError:
        return ""


def _asked(*arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(HERE), *arguments],  # noqa: S607 - as found
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else ""


def write_commit(folder: Path) -> None:
    """Write which commit this is, unless it is not known or stands there already."""
    path = folder / BUILT_FROM
    commit = git("rev-parse", "HEAD")
    if commit:
        path.parent.mkdir(parents=True, exist_ok=True)
        dirty = bool(git("status", "--porcelain", "--untracked-files=no"))
        path.unlink(missing_ok=True)  # of a source tree it may be a hard link
        path.write_text(json.dumps({"commit": commit, "dirty": dirty}) + "\n", encoding="utf-8")


class BuildWithCommit(build_py):
    """Builds the package with the commit in it; an editable installation asks git each time."""

    def run(self) -> None:
        """Build, and write the commit."""
        super().run()
        if not self.editable_mode:
            write_commit(Path(self.build_lib))


class SourceWithCommit(sdist):
    """Makes a source distribution with the commit in it."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        """Copy the files, and write the commit."""
        super().make_release_tree(base_dir, files)
        write_commit(Path(base_dir))


setup(version=version(), cmdclass={"build_py": BuildWithCommit, "sdist": SourceWithCommit})
