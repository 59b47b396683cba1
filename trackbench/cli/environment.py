"""Environment variables that libraries take at their word, which nonsense must not make fail."""

from __future__ import annotations

import os
import re

_SIZES = ("COLUMNS", "LINES", "TERMINAL_WIDTH")
"""Of the terminal, as Rich and Typer read them."""

_SIZE = re.compile(r"[1-9][0-9]{0,3}")


def forget_nonsense() -> None:
    """Remove sizes that are none: zero, words, other scripts' digits, more than any screen."""
    for name in _SIZES:
        if not _SIZE.fullmatch(os.environ.get(name, "1")):
            del os.environ[name]
