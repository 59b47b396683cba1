"""Where in an author's own code something was raised: ``mine.py:12``, read from a traceback."""

from __future__ import annotations

import os
import re
import sysconfig
from pathlib import Path

_FRAME = re.compile(r'^ +File "(?P<file>[^"\n]+)", line (?P<line>[0-9]+)', re.MULTILINE)
_LIBRARY = re.compile(r"[/\\](?:site-packages|dist-packages|lib[/\\]python3\.[0-9]+)[/\\]")
_CHAINED = re.compile(r"^(?:During handling of|The above exception was)", re.MULTILINE)


def with_place(message: str, traceback: str) -> str:
    """Return a message with the place in an author's code behind it, where there is one.

    Args:
        message: one line.
        traceback: as Python prints it; may be empty, or cut at its beginning.
    """
    place = place_in(traceback)
    return f"{message} ({place})" if place else message


def place_in(traceback: str) -> str:
    """Return file and line of the innermost call in an author's code; empty: there is none.

    That is the last that is neither trackbench's, nor Python's, nor of an installed package; of a
    tracker that is installed, the first that is not trackbench's. Of errors that came of others,
    the last counts.
    """
    last = _CHAINED.split(traceback)[-1]
    calls = [(found["file"], found["line"]) for found in _FRAME.finditer(last)]
    foreign = [call for call in calls if not _is_ours(call[0])]
    own = [call for call in foreign if not _is_of_library(call[0])]
    if own:
        return _named(*own[-1])
    installed = [call for call in foreign if "-packages" in call[0]]
    return _named(*installed[0]) if installed else ""


def _is_ours(file: str) -> bool:
    return file.startswith((f"{Path(__file__).parents[1]}{os.sep}", "<"))


def _is_of_library(file: str) -> bool:
    standard = sysconfig.get_path("stdlib") + os.sep
    return file.startswith(standard) or _LIBRARY.search(file) is not None


def _named(file: str, line: str) -> str:
    """Return a place, from the working folder where it is in there."""
    try:
        shown = Path(file).relative_to(Path.cwd())
    except (ValueError, OSError):  # it is elsewhere; or the working folder was removed
        shown = Path(file)
    return f"{shown}:{line}"
