"""What an author's code was seen to read, and what its hash stands for already."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.host.reads import FILE, FOLDER, PROGRAM, SERVER, VARIABLE
from trackbench.host.shared_memory import MORE
from trackbench.host.variables import EVERY
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.factories import is_ours, read_files, resolve
from trackbench.plugins.hashing.file_hash import Named
from trackbench.plugins.hashing.source_hash import source_of
from trackbench.plugins.hashing.surroundings import EVERYWHERE
from trackbench.plugins.hashing.tokens import UnhashableError
from trackbench.plugins.hashing.value_hash import value_sha256
from trackbench.plugins.importing import placed


@dataclass(frozen=True)
class Known:
    """What need not be noted when it is read.

    Attributes:
        paths: real paths of files and folders that are in the hash.
        own: real paths of folders that are the author's, though they are installed.
        variables: names of variables of the environment that are in the hash, set or not, or that
            decide nothing.
    """

    paths: tuple[str, ...]
    own: tuple[str, ...]
    variables: tuple[str, ...] = ()

    def says(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "known": list(self.paths),
            "own": list(self.own),
            "variables": list(self.variables),
        }


def known_of(spec: TrackerSpec | DatasetSpec, reads: Iterable[str] = ()) -> Known | None:
    """Return what the hash of a tracker or a data set stands for; None of ours, which read nothing.

    Args:
        spec: of it.
        reads: notes that are in the hash, too.
    """
    if is_ours(spec.factory):
        return None
    if isinstance(spec, TrackerSpec):
        with placed(spec.folder, spec.environment):
            return _known_of(spec, reads)
    return _known_of(spec, reads)


def _known_of(spec: TrackerSpec | DatasetSpec, reads: Iterable[str]) -> Known:
    try:
        factory = resolve(spec.factory)
        named = [path for _, path in read_files(spec)]
    except TrackbenchError:
        return Known((), ())  # what it needs is not found: it cannot be run, either
    is_tracker = isinstance(spec, TrackerSpec)
    source = source_of(factory, "it", Named.FILES if is_tracker else Named.FILE_STAMPS)
    given: Any = (
        [dict(spec.parameters), *spec.environment.values()]
        if isinstance(spec, TrackerSpec)
        else spec.generator
    )
    paths = [*source.paths, *named, *_named_in(given, is_tracker=is_tracker), *paths_read(reads)]
    real = dict.fromkeys(os.path.realpath(path) for path in paths)
    asked = {*source.variables, *EVERYWHERE, *variables_read(reads)}
    asked |= set(spec.environment) if isinstance(spec, TrackerSpec) else set()
    return Known(tuple(real), tuple(_family(factory)), tuple(sorted(asked)))


def paths_read(notes: Iterable[str]) -> set[Path]:
    """Return the files and folders among notes; they need not exist."""
    kinds = (FILE, FOLDER)
    return {Path(note.partition(" ")[2]) for note in notes if note.startswith(kinds)}


def variables_read(notes: Iterable[str]) -> set[str]:
    """Return the names of variables of the environment among notes."""
    return {note.partition(" ")[2] for note in notes if note.startswith(VARIABLE)}


def what_is_unseen(notes: Iterable[str]) -> str | None:
    """Return in words what among notes cannot be hashed; None if all can be."""
    for note in sorted(notes):
        name = note.partition(" ")[2]
        if note.startswith(PROGRAM):
            return f"it starts another program ({name}), and what that reads is not seen"
        if note.startswith(SERVER):
            return f"it asks a server ({name})"
        if note == VARIABLE + EVERY:
            return "it lists the variables of the environment: ask for those that it needs by name"
        if note == MORE:
            return "it reads more than can be noted: name the files, or their folder, with files="
    return None


def read_while_running(name: str, notes: Iterable[str]) -> str:
    """Return the line about what was read only when the hash was made already."""
    begin = f"{name} is run anew each time: "
    if paths := sorted(map(str, paths_read(notes))):
        others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        return (
            f"{begin}while it runs it reads {paths[0]}{others}, which its hash does not stand for; "
            "name that with files=, or read it when the tracker is built"
        )
    if unseen := what_is_unseen(notes):
        return begin + unseen
    variable = min(variables_read(notes))
    return (
        f"{begin}while it runs it asks for the variable {variable} of the environment, which its "
        "hash does not stand for; ask when the tracker is built"
    )


def read_by_dataset(name: str, notes: Iterable[str]) -> str:
    """Return the line about what a data set read only when its code was hashed already."""
    paths = sorted(map(str, paths_read(notes)))
    begin = f"{name} is made and compared anew each time: "
    if not paths and not what_is_unseen(notes):
        variable = min(variables_read(notes))
        return f"{begin}it asks for the variable {variable} of the environment"
    what = f"it reads {paths[0]}" if paths else what_is_unseen(notes)
    return f"{begin}{what}, which no hash stands for; name the file, or its folder, with files="


def _named_in(given: Any, *, is_tracker: bool) -> list[Path]:
    named = Named.CONTENT if is_tracker else Named.STAMPS
    try:
        return value_sha256(given, "it", named)[1]
    except UnhashableError:  # then its results are never used again, whatever it reads
        return []


def _family(factory: Any) -> set[str]:
    """Return the folder of the package that a factory is of, if it is one and is the author's."""
    if isinstance(factory, Elsewhere):
        package = factory.find(factory.module.partition(".")[0])
        within = None if package is None else package.submodule_search_locations
        return {os.path.realpath(place) for place in within or ()}
    name = str(getattr(factory, "__module__", "")).partition(".")[0]
    places = getattr(sys.modules.get(name), "__path__", ())
    return {os.path.realpath(place) for place in places}
