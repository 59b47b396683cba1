"""What code was seen to read on a worker though no hash stands for it, and what that was there.

It was not brought, so it may be missing there, or be something else. Who reads it has other numbers
than on this machine.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from trackbench.host.reads import FILE, FOLDER, VARIABLE
from trackbench.host.variables import EVERY
from trackbench.plugins.hashing.file_hash import content_sha256
from trackbench.plugins.hashing.tokens import UnhashableError
from trackbench.plugins.importing import environment_before
from trackbench.running.cluster.luggage import is_of_device
from trackbench.running.messages import Made

_NOTHING = "nothing"
_UNSAID = "what nobody can compare"


def reads_of(
    made: Made, said_there: Callable[[str], str], variables: Mapping[str, str | None]
) -> dict[str, str]:
    """Return what was read of which no hash knows: note, as the parent has it -> what that is here.

    Args:
        made: by this machine.
        said_there: makes of a note what it is with the parent's paths.
        variables: of the environment, that are other here than in this process.
    """
    environment = {**environment_before(), **variables}
    notes = (*made.reads, *made.dataset_reads)
    return {said_there(note): _digest(note, environment) for note in notes}


def first_other(reads: Mapping[str, str], notes: Iterable[str]) -> str | None:
    """Return in words which of some notes was something else there than here; None: none was.

    Args:
        reads: as :func:`reads_of` has returned it there.
        notes: of what is asked about.
    """
    environment = environment_before()
    for note in sorted(set(notes) & reads.keys()):
        if _digest(note, environment) != reads[note]:
            return f"the {note} of the environment" if note.startswith(VARIABLE) else f"the {note}"
    return None


def _digest(note: str, environment: Mapping[str, str | None]) -> str:
    """Return what can be compared of a file, of a folder by the names in it, of a variable."""
    name = note.partition(" ")[2]
    try:
        if note.startswith(FILE):
            return content_sha256(Path(name)) if Path(name).exists() else _NOTHING
        if note.startswith(FOLDER):
            held = sorted(each for each in os.listdir(name) if each != "__pycache__")  # noqa: PTH208 - names are wanted
            return _sha256("\0".join(held))
    except FileNotFoundError:
        return _NOTHING
    except (OSError, UnhashableError):
        return _UNSAID
    if note.startswith(VARIABLE) and name != EVERY and not is_of_device(name):
        value = environment.get(name)
        return _NOTHING if value is None else _sha256(value)
    return _UNSAID


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
