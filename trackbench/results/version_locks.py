"""The folders of trackers' versions, held while runs of them are written there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from trackbench.results.folders import make_inside
from trackbench.results.locks import HeldError, Lock, locked
from trackbench.results.places import RunPlace

LOCK = ".lock"


class VersionLocks:
    """The versions that one store holds, each for as many of its runs as are being written."""

    def __init__(self, path: Path) -> None:
        """Hold nothing yet in the results directory ``path``."""
        self._path = path
        self._holdings: dict[Path, _Holding] = {}

    @contextmanager
    def held(self, place: RunPlace, *, alone: bool = False) -> Iterator[None]:
        """Hold the folder of a run's version, made if it is not there.

        Args:
            place: of the run.
            alone: hold the folders of all versions, unless this one is held already.

        Raises:
            HeldError: another store holds it.
        """
        version = place.of_version
        if version not in self._holdings:
            make_inside(self._path, *version.relative_to(self._path).parts)
            self._holdings[version] = _Holding.of(version, alone=alone)
        holding = self._holdings[version]
        holding.runs += 1
        try:
            yield
        finally:
            holding.runs -= 1
            if not holding.runs:
                del self._holdings[version]
                holding.held.close()

    def check(self, place: RunPlace) -> None:
        """Make sure that a run's folder is still the one that is held.

        Raises:
            TrackbenchError: it was removed, moved or replaced.
        """
        for lock in self._holdings[place.of_version].locks:
            lock.check()


@dataclass
class _Holding:
    """A version's folder that is held.

    Attributes:
        locks: by which.
        held: lets go of them.
        runs: that are being written to it.
    """

    locks: tuple[Lock, ...]
    held: ExitStack
    runs: int = 0

    @classmethod
    def of(cls, folder: Path, *, alone: bool) -> _Holding:
        with ExitStack() as locks:
            try:
                # Nobody adds to any version while all of them are forgotten.
                held = (
                    locks.enter_context(locked(folder.parent / LOCK, shared=not alone, wait=False)),
                    locks.enter_context(locked(folder / LOCK, wait=False)),
                )
            except HeldError as error:
                raise HeldError(f"another run is writing to {folder}") from error
            return cls(held, locks.pop_all())
