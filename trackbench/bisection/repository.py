"""An author's git repository, which is only read: its commits, and which files git knows."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from trackbench.errors import TrackbenchError
from trackbench.printing.text import visible

_SETTINGS = (
    *("-c", f"core.hooksPath={os.devnull}"),  # no hook of the author's runs for our folders
    *("-c", "advice.detachedHead=false", "-c", "gc.auto=0", "-c", "core.quotePath=false"),
)
_FIELDS = ("%H", "%P", "%cI", "%an", "%s")
_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Commit:
    """A commit.

    Attributes:
        sha: its whole hash.
        parents: their hashes, the first parent first.
        date: when it was committed, as ISO 8601.
        author, subject: as they are written.
    """

    sha: str
    parents: tuple[str, ...]
    date: str
    author: str
    subject: str

    @property
    def short(self) -> str:
        """The hash's beginning."""
        return self.sha[:10]

    @property
    def named(self) -> str:
        """The hash's beginning and the subject, fit to be printed."""
        subject = self.subject if len(self.subject) <= 60 else f"{self.subject[:57]}..."
        return visible(f"{self.short} {subject}")


@dataclass(frozen=True)
class Repository:
    """A repository with a working tree.

    Attributes:
        top: real path of the working tree.
        git_folder: real path of what all working trees of the repository share.
    """

    top: Path
    git_folder: Path

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """Return the repository that a folder is in.

        Raises:
            TrackbenchError: it is in none, or there is no git.
        """
        asked = ("rev-parse", "--path-format=absolute", "--show-toplevel", "--git-common-dir")
        done = _git(folder, *asked)
        if done.returncode:
            raise TrackbenchError(
                f"{folder} is in no working tree of git: change to your repository ({_why(done)})"
            )
        top, git_folder = done.stdout.splitlines()
        return cls(Path(top).resolve(), Path(git_folder).resolve())

    @cached_property
    def roots(self) -> tuple[Path, ...]:
        """Real paths of all working trees of the repository: an installation may lead to any."""
        lines = self.git("worktree", "list", "--porcelain").splitlines()
        named = [Path(line[9:]) for line in lines if line.startswith("worktree ")]
        return tuple(dict.fromkeys([self.top, *(path.resolve() for path in named)]))

    @property
    def is_dirty(self) -> bool:
        """Whether the working tree has changes that are in no commit, of files that git knows."""
        return bool(self.git("status", "--porcelain", "--untracked-files=no"))

    def commit(self, name: str) -> Commit:
        """Return the commit of a name, such as ``HEAD~3`` or a tag.

        Raises:
            TrackbenchError: there is none.
        """
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        done = _git(self.top, *asked)
        if done.returncode or not done.stdout.strip():
            raise TrackbenchError(f"{name} is no commit of {self.top}: see git log")
        (found,) = self._log("--no-walk", done.stdout.strip())
        return found

    def between(self, good: Commit, bad: Commit, *, first_parent: bool) -> tuple[Commit, ...]:
        """Return the commits that ``bad`` has and ``good`` has not, each after its parents.

        Args:
            good: the end that is an ancestor.
            bad: the other end.
            first_parent: follow of each merge the first parent alone.

        Raises:
            TrackbenchError: ``good`` is no ancestor of ``bad``.
        """
        if good.sha == bad.sha:
            raise TrackbenchError(f"both ends are {good.named}: give GOOD..BAD, two commits")
        base = _git(self.top, "merge-base", good.sha, bad.sha).stdout.strip()
        if base != good.sha:
            where = f": their last common commit is {base[:10]}" if base else ""
            raise TrackbenchError(
                f"{good.named} is no ancestor of {bad.named}{where}; give one that is"
            )
        only = ("--first-parent",) if first_parent else ()
        return tuple(self._log("--topo-order", "--reverse", *only, bad.sha, f"^{good.sha}"))

    def knows(self, path: Path) -> bool:
        """Whether git knows a file in one of the working trees."""
        root = next((root for root in self.roots if path.is_relative_to(root)), None)
        if root is None:
            return False
        return bool(_git(root, "ls-files", "-z", "--", str(path)).stdout)

    def git(self, *arguments: str) -> str:
        """Return what git prints.

        Raises:
            TrackbenchError: it fails.
        """
        done = _git(self.top, *arguments)
        if done.returncode:
            raise TrackbenchError(f"git {arguments[0]} fails in {self.top}: {_why(done)}")
        return done.stdout

    def _log(self, *which: str) -> list[Commit]:
        form = f"--format={_SEPARATOR.join(_FIELDS)}"
        plain = ("--no-show-signature", "--no-color", "--no-decorate", "--no-notes", "--no-patch")
        lines = self.git("log", form, *plain, *which, "--").splitlines()
        found = [line.split(_SEPARATOR, len(_FIELDS) - 1) for line in lines if line]
        return [
            Commit(sha, tuple(parents.split()), date, author, subject)
            for sha, parents, date, author, subject in found
        ]


def git_command(folder: Path, *arguments: str) -> list[str]:
    """Return the command that runs git in a folder, without hooks of the author's.

    Raises:
        TrackbenchError: there is no git.
    """
    program = shutil.which("git")
    if program is None:
        raise TrackbenchError("there is no git on this machine's path: install it")
    return [program, "-C", str(folder), *_SETTINGS, *arguments]


def environment() -> dict[str, str]:
    """Return the environment without what says which repository git works on, as hooks have it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C.UTF-8"}


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        git_command(folder, *arguments),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        env=environment(),
        check=False,
    )


def _why(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return visible(lines[-1].removeprefix("fatal: ")) if lines else f"exit code {done.returncode}"
