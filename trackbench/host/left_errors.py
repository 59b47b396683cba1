"""The error that ends a host's work, left in the memory that its maker reads."""

from __future__ import annotations

import traceback
from typing import Any

from .shared_memory import Scratch
from .want_of_memory import is_for_memory


def leave_error(scratch: Scratch, error: BaseException, before: str = "") -> None:
    """Leave an error in shared memory.

    Its text is made by the author's code, which may hang: so the time of the tracker's call must
    still be running. An error in a child process that the tracker has forked ends that child, as
    it would anywhere.

    Args:
        scratch: the memory.
        error: what the author's code has raised; it is being handled.
        before: what the message begins with.
    """
    scratch.end_child(exit_code(error.code) if isinstance(error, SystemExit) else 1)
    try:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    except BaseException:  # noqa: BLE001 - the author's code makes it
        lines = []
    kind = type(error).__name__
    try:
        trace = traceback.format_exc()
    except BaseException:  # noqa: BLE001 - the author's code makes it
        trace = ""
    try:
        memory = is_for_memory(error)
    except BaseException:  # noqa: BLE001 - the author's code makes it
        memory = False
    scratch.report(
        {
            "message": before + (f"{kind}: {lines[0]}" if lines else kind),
            "traceback": trace,
            "memory": memory,
        }
    )


def exit_code(code: Any) -> int:
    """Return the exit code that Python would make of a SystemExit's."""
    if code is None:
        return 0
    return code & 0xFF if isinstance(code, int) else 1
