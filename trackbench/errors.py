"""The errors that are the user's to mend: one line, what, why, what to do."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from trackbench.printing.text import quoted

LONGEST = 500
"""Characters of a foreign message that are told."""


_NAMES_OPTIONS = "TRACKBENCH_NAMES_OPTIONS"
"""Set where a command runs: in its process, and in all that it starts."""


class TrackbenchError(Exception):
    """Bad usage or input. The command line prints the message and exits with 2."""


def parameter(name: str, value: object = None, *, option: str | None = None) -> str:
    """Return how a message names a parameter: as Python does, or as the command line does.

    Args:
        name: of the parameter.
        value: that is recommended; None: none is.
        option: what the command line calls it; None: as Python does, with dashes.

    Example:
        >>> parameter("fresh", True), parameter("trackers", option="tracker")
        ('fresh=True', 'trackers')
        >>> with naming_options():
        ...     parameter("fresh", True), parameter("trackers", option="tracker")
        ('--fresh', '--tracker')
    """
    if _NAMES_OPTIONS not in os.environ:
        return name if value is None else f"{name}={value!r}"
    written = f"--{(option or name).replace('_', '-')}"
    return written if value is None or value is True else f"{written} {value}"


@contextmanager
def naming_options() -> Iterator[None]:
    """Have messages name options of the command line meanwhile, here and in what is started."""
    before = os.environ.get(_NAMES_OPTIONS)
    os.environ[_NAMES_OPTIONS] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_NAMES_OPTIONS, None)
        else:
            os.environ[_NAMES_OPTIONS] = before


def brief(error: BaseException) -> str:
    """Return ``Type: message`` in one line, whatever the error's own ``__str__`` does.

    Of a message that repeats its input, the beginning says what it is about.
    """
    try:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    except Exception:  # noqa: BLE001 - the text of a plugin's error is a plugin's code
        lines = []
    if not lines:
        return type(error).__name__
    line = lines[0] if len(lines[0]) <= LONGEST else f"{lines[0][:LONGEST]}..."
    return f"{type(error).__name__}: {line}"


class RefusedBuildError(TrackbenchError):
    """A tracker says, or raises, that it cannot be built; ``detail`` is its traceback."""

    def __init__(self, message: str, detail: str) -> None:
        super().__init__(message)
        self.detail = detail


class UnknownIdError(TrackbenchError):
    """An id that nothing is registered under; the message names the nearest one."""

    def __init__(
        self, kind: str, wanted: str, known: Iterable[str], *, listed: Iterable[str] = ()
    ) -> None:
        """Say what is meant, and what there is.

        Args:
            kind: what it would be an id of.
            wanted: the id.
            known: the ids that there are, and other spellings of them.
            listed: those that are named even if one of ``known`` is near; none: none is.
        """
        known = sorted(known)
        lower = {name.lower(): name for name in known}
        wanted = str(wanted)[:LONGEST]
        begun = [name for name in lower if wanted and name.startswith(wanted.lower())]
        near = begun or difflib.get_close_matches(wanted.lower(), lower, n=1, cutoff=0.5)
        there = sorted(listed)
        hint = f"known: {', '.join(there or known) or 'none'}"
        if near:
            meant = f"did you mean {lower[near[0]]}?"
            hint = f"{meant} {hint}" if there else meant
        super().__init__(f"unknown {kind} {quoted(wanted)}: {hint}")


class IncompatibleResultsError(TrackbenchError):
    """Stored results that are not what was asked for, so they must not be mixed with it."""


class DamagedFileError(TrackbenchError):
    """A file whose content is not what its checksum, schema or format promises."""


class DataError(TrackbenchError):
    """Images, videos or annotations on a user's disk that are not what they should be.

    The message begins with the file, and the line where there is one. A run counts what it spoils
    as the data's failure, not the tracker's.
    """
