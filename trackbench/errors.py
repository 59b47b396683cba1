"""The errors that are the user's to mend: one line, what, why, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from trackbench.printing.text import quoted

LONGEST = 500
"""Characters of a foreign message that are told."""


class TrackbenchError(Exception):
    """Bad usage or input. The command line prints the message and exits with 2."""


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


class UnknownIdError(TrackbenchError):
    """An id that nothing is registered under; the message names the nearest one."""

    def __init__(self, kind: str, wanted: str, known: Iterable[str]) -> None:
        known = sorted(known)
        lower = {name.lower(): name for name in known}
        wanted = wanted[:LONGEST]
        begun = [name for name in lower if wanted and name.startswith(wanted.lower())]
        near = begun or difflib.get_close_matches(wanted.lower(), lower, n=1, cutoff=0.5)
        hint = f"did you mean {lower[near[0]]}?" if near else f"known: {', '.join(known) or 'none'}"
        super().__init__(f"unknown {kind} {quoted(wanted)}: {hint}")


class IncompatibleResultsError(TrackbenchError):
    """Stored results that are not what was asked for, so they must not be mixed with it."""


class DamagedFileError(TrackbenchError):
    """A file whose content is not what its checksum, schema or format promises."""
