"""``trax:COMMAND``: the command becomes a tracker."""

from __future__ import annotations

import shlex
from pathlib import Path

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError, parameter
from trackbench.plugins.naming import free_id
from trackbench.scheme_contract import NamedTracker
from trackbench.trackers.named_files import called, files_in, program_path, unseen, words_of


def trax_tracker(named: NamedTracker) -> TrackerSpec:
    """Return the tracker of a command that talks TraX.

    Raises:
        TrackbenchError: its program is not there.
    """
    check_no_python(named)
    words, here = words_of(named.rest), Path.cwd()
    return program_spec(
        free_id(called(words), f"trax-{called(words)}"),
        "trackbench.trackers.trax:TraxTracker",
        command=[program_path(words[0], here), *words[1:]],
        files=files_in(words, here),
        description=f"talks TraX: {shlex.join(words)}"[:120],
    )


def program_spec(
    name: str, factory: str, *, description: str, sees_future: bool = False, **parameters: object
) -> TrackerSpec:
    """Return the spec of a tracker that is a program; its command and files count by content."""
    return TrackerSpec(
        id=name,
        factory=factory,
        parameters={name: value for name, value in parameters.items() if value} | {"reads": None},
        fixed=("command",),
        secret=("environment",),
        names_files=("command", "files", "reads"),
        unseen=unseen(),
        sees_future=sees_future,
        description=description,
    )


def check_no_python(named: NamedTracker) -> None:
    """Raise where an interpreter is asked for that would start nothing.

    Raises:
        TrackbenchError: it is.
    """
    if named.python is not None:
        raise TrackbenchError(
            f"{named.scheme}: starts a program of its own: write its interpreter into the command "
            f"and leave {parameter('python')} out"
        )
