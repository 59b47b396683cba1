"""The files of one commit after the other, each in a git worktree that is removed in the end.

They lie in the repository's own ``.git`` folder, at the same place each time: there no tool looks,
it is private, and what a tracker's code says of its own folder is the same for every commit. The
author's working tree is not touched. Whatever ends this process, a small shell that waits for its
end removes what is left.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from trackbench.bisection.repository import Commit, Repository, environment, git_command
from trackbench.errors import TrackbenchError
from trackbench.results.locks import HeldError, locked

_FOLDER = "trackbench-bisect"
_SECONDS = 120.0
"""For removing a worktree."""

_CLEAN = """
read -r _
"$@" 2>/dev/null
rm -rf -- "$FOLDER"
"""


@dataclass(frozen=True)
class Worktrees:
    """Where a commit's files are put, one commit at a time.

    Attributes:
        repository: of the commits.
        path: of the worktree.
        lifeline: a descriptor: as long as anybody holds it, the worktree stays.
    """

    repository: Repository
    path: Path
    lifeline: int

    @contextmanager
    def of(self, commit: Commit) -> Iterator[Path]:
        """Yield the folder with a commit's files; it is gone afterwards.

        Raises:
            TrackbenchError: git cannot make it.
        """
        self.repository.git(
            *("worktree", "add", "--detach", "--force", "--quiet", str(self.path), commit.sha)
        )
        try:
            yield self.path
        finally:
            with suppress(TrackbenchError):  # the next one cannot be made then, and says why
                self.repository.git("worktree", "remove", "--force", "--force", str(self.path))


@contextmanager
def worktrees(repository: Repository) -> Iterator[Worktrees]:
    """Yield where commits' files can be put; in the end nothing is left of it.

    Raises:
        TrackbenchError: another bisection is at work in the repository, or nothing can be written.
    """
    folder = repository.git_folder / _FOLDER
    path = folder / repository.top.name
    remove = git_command(
        repository.git_folder, "worktree", "remove", "--force", "--force", str(path)
    )
    with ExitStack() as stack:
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            lock = stack.enter_context(locked(folder / "lock", wait=False))
        except HeldError:
            raise TrackbenchError(
                f"another trackbench bisect is at work in {repository.top}: wait until it is done"
            ) from None
        # One that was killed together with its shell has left its own.
        subprocess.run(
            remove, capture_output=True, stdin=subprocess.DEVNULL, env=environment(), check=False
        )
        theirs, ours = os.pipe()
        cleaner = subprocess.Popen(
            ["/bin/sh", "-c", _CLEAN, "sh", *remove],
            stdin=theirs,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**environment(), "FOLDER": str(folder)},
            # It holds the lock, too: nobody begins before it has cleaned up.
            pass_fds=(lock.handle,),
            start_new_session=True,  # Ctrl-C is for this process
        )
        os.close(theirs)
        try:
            yield Worktrees(repository, path, ours)
        finally:
            os.close(ours)
            with suppress(subprocess.TimeoutExpired):
                cleaner.wait(_SECONDS)
