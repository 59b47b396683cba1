"""Which format a file's ending asks for, and which it contradicts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from trackbench.errors import TrackbenchError, parameter

ANY_TEXT = ".txt"
"""Says nothing of what is in a file: any format may have it."""


def format_of_file(
    out: str | Path, given: str | None, endings: Mapping[str, str], otherwise: str
) -> str:
    """Return the format that a file is written in.

    Args:
        out: the file.
        given: the format that was asked for; None: the ending decides.
        endings: format -> its ending, with the dot; of formats that share one, the first has it.
        otherwise: the format of a file without an ending, as ``/dev/stdout`` is.

    Raises:
        TrackbenchError: the ending is of another format than the one given; or none is given, and
            it is of no format.
    """
    name = Path(out).name.lower()
    ending = name if name in endings.values() else Path(name).suffix
    fitting = [name for name, its in endings.items() if its == ending]
    if given is None:
        if not ending:
            return otherwise
        if fitting:
            return fitting[0]
        *most, last = dict.fromkeys(endings.values())
        raise TrackbenchError(
            f"{parameter('out')} {out} says no format: end it in {', '.join(most)} or {last}, or "
            f"choose with {parameter('format')}"
        )
    if fitting and given not in fitting and ending != ANY_TEXT:
        its = f", or end it in {endings[given]}" if given in endings else ""
        raise TrackbenchError(
            f"{parameter('out')} {out} has the ending of {' and '.join(fitting)}, and "
            f"{parameter('format')} is {given}: leave one of them out{its}"
        )
    return given
