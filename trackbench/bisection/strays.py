"""What a tracker is made of, held to the worktree: nothing of another commit may be in a number."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.machinery import all_suffixes
from pathlib import Path

from trackbench.bisection.own_modules import is_of
from trackbench.bisection.repository import Repository
from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.plugins.factories import resolve
from trackbench.plugins.hashing.source_file import read_file
from trackbench.plugins.hashing.source_hash import folder_of
from trackbench.plugins.placed_modules import placed_modules
from trackbench.plugins.reads import known_of, paths_read

_CODE = tuple(all_suffixes())


class StrayError(TrackbenchError):
    """Something that a tracker uses is not of the commit."""


@dataclass(frozen=True)
class Guard:
    """Looks whether what is used is the commit's.

    Attributes:
        worktree: real path of the folder with the commit's files.
        roots: real paths of the repository's other working trees.
        elsewhere: names of the repository's modules that are not found in the worktree.
    """

    worktree: Path
    roots: tuple[Path, ...]
    elsewhere: frozenset[str] = frozenset()

    def check_tracker(self, spec: TrackerSpec) -> None:
        """Make sure that a tracker is made of files of the worktree, and of no other commit's.

        Raises:
            StrayError: it is not.
        """
        known = known_of(spec)
        if known is None:
            raise StrayError(
                f"{spec.id} is trackbench's own: no commit of this repository changes it"
            )
        files = [Path(path) for path in known.paths]
        self.check_files(spec.id, files)
        for file in files:
            self.check_imports(spec.id, file)
        # Of a source that cannot be hashed no file is known but the tracker's own.
        own = folder_of(resolve(spec.factory)).resolve()
        if not any(file.is_relative_to(self.worktree) for file in (*files, own)):
            where = f", it is of {files[0]}" if files else ""
            raise StrayError(
                f"{spec.id} is made of no file of the repository{where}: name a tracker of yours, "
                "as file.py:Class or package.module:Class"
            )

    def check_imports(self, tracker: str, file: Path) -> None:
        """Make sure that a file of the commit imports nothing that is the repository's elsewhere.

        Raises:
            StrayError: it does.
        """
        if not self.elsewhere or file.suffix != ".py" or not file.is_relative_to(self.worktree):
            return
        wanted = {name.partition(".")[0] for name in read_file(file, "").imports}
        if strays := sorted(wanted & self.elsewhere):
            raise StrayError(
                f"{tracker} imports {strays[0]}, which is installed from this repository and not "
                "found in the commit: every commit would have the installed one (uninstall it)"
            )

    def check_reads(self, tracker: str, notes: Iterable[str]) -> None:
        """Make sure that what a tracker was seen to read is of no other commit.

        Args:
            tracker: its id.
            notes: see :mod:`trackbench.host.reads`.

        Raises:
            StrayError: it is.
        """
        self.check_files(tracker, paths_read(notes))

    def check_modules(self, tracker: str) -> None:
        """Make sure that no module of this process is of another commit.

        Raises:
            StrayError: one is.
        """
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if not isinstance(file, str):
                continue
            real = Path(file).resolve()
            self.check_files(tracker, [real])
            if name in placed_modules() and not real.is_relative_to(self.worktree):
                raise StrayError(f"{tracker} imports {name} from {real}, and not from the commit")

    def check_files(self, tracker: str, files: Iterable[Path]) -> None:
        """Make sure that files are of no working tree but the worktree.

        What git does not know, such as weights beside the code, is of no commit and may be read.

        Raises:
            StrayError: one is.
        """
        for file in files:
            real = file.resolve()
            root = next((r for r in self.roots if is_of(real, r, self.worktree)), None)
            if root is None:
                continue
            here = (self.worktree / real.relative_to(root)).exists()
            if here or real.name.endswith(_CODE) or self._repository.knows(real):
                raise StrayError(
                    f"{tracker} uses {real}, which is of a working tree and not of the commit: an "
                    "installation or an absolute path leads there (uninstall the package, or name "
                    "the file by where the code lies)"
                )

    @property
    def _repository(self) -> Repository:
        return Repository.around(self.roots[0])
