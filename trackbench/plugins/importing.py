"""What authors' modules change of this process when they are imported here.

All processes of a run are started by this one. A variable that one plugin sets when it is imported
must not decide over another plugin's numbers: in its own process, where it is imported again, it
sets it for itself. Here it stays, for whatever of the plugin is used here. What processes
inherit beside variables and the working folder, and who is called at a signal, is put back at once
(:mod:`trackbench.plugins.handed_on`); so is what it has put in the place of functions that every
number is stored with (:mod:`trackbench.plugins.patched`), and so are this process's standard
streams. A module that would end this process is refused (:mod:`trackbench.host.exits`). Modules are
compiled from what their files say now (:mod:`trackbench.host.from_source`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from trackbench.errors import TrackbenchError
from trackbench.host import exits
from trackbench.host.from_source import imported_from_source
from trackbench.plugins.handed_on import HandedOn
from trackbench.plugins.patched import Libraries
from trackbench.plugins.standard_streams import StandardStreams

_changed: dict[str, tuple[str | None, str | None]] = {}
_folders: dict[str, str] = {}
_paths: list[tuple[list[str], list[str]]] = []
"""``sys.path`` before and after an import that changed it."""


@contextmanager
def importing() -> Iterator[None]:
    """Note what is done meanwhile to variables and the working folder; put back all else.

    Raises:
        RuntimeError: something was done to this process that cannot be undone, or its standard
            output was closed.
        EndOfProcess: where it would have ended at once.
    """
    variables, folder, path = dict(os.environ), working_folder(), list(sys.path)
    handed_on, libraries, streams = HandedOn.now(), Libraries.now(), StandardStreams.now()
    try:
        with imported_from_source(), exits.refused():
            yield
    finally:
        libraries.restore()
        closed = streams.restore()
        left = handed_on.restore()
        if path != sys.path:
            _paths.append((path, list(sys.path)))
        for name in variables.keys() | os.environ.keys():
            before, after = variables.get(name), os.environ.get(name)
            if before != after:
                _changed[name] = _changed.get(name, (before, None))[0], after
        if folder and (now := working_folder()) not in {"", folder}:
            _folders[now] = _folders.get(folder, folder)
    # Otherwise the error that it raised is told.
    if closed:
        raise RuntimeError(f"importing it closes {' and '.join(closed)} of this process")
    if left:
        raise RuntimeError(
            "importing it changes this process for all that it starts, and that cannot be undone "
            f"({', '.join(left)}): change it where the tracker is built"
        )


@contextmanager
def variables_kept(names: Iterable[str]) -> Iterator[None]:
    """Have variables of the environment afterwards as they are now, whatever is done to them."""
    before = {name: os.environ.get(name) for name in names}
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def placed(folder: str, environment: Mapping[str, str]) -> Iterator[None]:
    """Be meanwhile where a tracker's processes are: in its working folder, with its variables.

    Args:
        folder: absolute; empty: the one of this process.
        environment: further variables.

    Raises:
        TrackbenchError: there is no such folder any more.
    """
    before = working_folder()
    if folder:
        try:
            os.chdir(folder)
        except OSError as error:
            raise TrackbenchError(
                f"the folder {folder} cannot be used: {error.strerror}"
            ) from error
    try:
        with variables_kept(environment):
            os.environ.update(environment)
            yield
    finally:
        if folder and before:
            os.chdir(before)


def environment_before() -> dict[str, str]:
    """Return the environment without what modules changed in it; what was set since, is in it."""
    variables = dict(os.environ)
    for name, (before, after) in _changed.items():
        if variables.get(name) == after:
            variables.pop(name, None)
            if before is not None:
                variables[name] = before
    return variables


def folder_before() -> str:
    """Return the working folder, or the one that it was before a module left it."""
    now = working_folder()
    return _folders.get(now, now)


def path_before(kept: Container[str], folders: Iterable[str]) -> list[str]:
    """Return Python's search path without what modules did to it; what was done since, is in it.

    Args:
        kept: places that stay, whoever added them.
        folders: in which modules are looked up that are needed: what was added along with one of
            them, stays.
    """
    now, wanted = list(sys.path), set(folders)
    for before, after in reversed(_paths):
        added = [place for place in after if place not in before]
        needed = any(place and os.path.abspath(place) in wanted for place in added)  # noqa: PTH100
        others = [p for p in now if p not in before and (needed or p not in added or p in kept)]
        first = next((number for number, place in enumerate(now) if place in before), 0)
        ahead = [place for place in others if place in now[:first]]
        now = [*ahead, *before, *(place for place in others if place not in ahead)]
    return now


def working_folder() -> str:
    """Return the working folder; nothing if it was removed."""
    with suppress(OSError):
        return os.getcwd()  # noqa: PTH109 - a string is what all who ask need
    return ""
