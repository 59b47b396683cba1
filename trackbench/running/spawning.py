"""Python processes that do not begin by importing from the working folder.

``multiprocessing`` starts one with ``python -c``, which looks there first: a ``select.py`` that
lies there would be run instead of the library, before anything of ours could prevent it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_VARIABLE = "PYTHONSAFEPATH"
_OURS = "trackbench"


@contextmanager
def safe_path() -> Iterator[None]:
    """Let processes started within this context find libraries first, then get our ``sys.path``.

    Each of them should call :func:`forget_safe_path`, for the sake of those that it starts itself.
    """
    if os.environ.get(_VARIABLE):  # the user has set it: it holds for all processes anyway
        yield
        return
    os.environ[_VARIABLE] = _OURS
    try:
        yield
    finally:
        os.environ.pop(_VARIABLE, None)


def forget_safe_path() -> None:
    """Have what a started process starts itself look for modules where Python always does."""
    if os.environ.get(_VARIABLE) == _OURS:
        del os.environ[_VARIABLE]
