"""Environment variables that libraries take at their word, which nonsense must not make fail."""

from __future__ import annotations

import os
import re

_SIZES = ("COLUMNS", "LINES", "TERMINAL_WIDTH")
"""Of the terminal, as Rich and Typer read them."""

_SIZE = re.compile(r"[1-9][0-9]{0,3}")


_EPOCH = "SOURCE_DATE_EPOCH"
"""Seconds since 1970, which NumPy (by way of SciPy) makes an integer of when it is imported."""

_SECONDS = re.compile(r"[0-9]{1,12}")


def forget_nonsense() -> None:
    """Remove what is no size (zero, words, other scripts' digits, more than any screen) or time."""
    for name in _SIZES:
        if not _SIZE.fullmatch(os.environ.get(name, "1")):
            del os.environ[name]
    if not _SECONDS.fullmatch(os.environ.get(_EPOCH, "1")):
        del os.environ[_EPOCH]
