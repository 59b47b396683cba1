"""Variables of the environment that an author's code asks for, noticed when it does.

Python has no audit event for them. What libraries ask for does not count: only a call that stands
in the author's own code does.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Iterator

from .installed import Installed

EVERY = "*"
"""Noted instead of a name where all variables are listed."""

_BETWEEN = frozenset(
    ("os", "collections.abc", "posixpath", "ntpath", "collections", "string", "configparser")
)
"""Python's own modules that may ask in the name of a caller: ``os.path.expandvars``,
``ChainMap(given, os.environ)``."""


class HeardVariables(dict):  # type: ignore[type-arg]  # as in Python 3.8
    """The dictionary behind ``os.environ``, which notices what an author's code asks it for."""

    def __init__(
        self, variables: dict[Any, Any], tell: Callable[[str], None], installed: Installed
    ) -> None:
        """Be a copy of ``variables``."""
        super().__init__(variables)
        self._tell, self._installed = tell, installed
        self._own: set[Any] = set()

    def __getitem__(self, key: Any) -> Any:
        """Return a variable's value, as every dictionary does."""
        if key not in self._own and self._author_asks():
            self._tell(os.fsdecode(key))
        return super().__getitem__(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        """Set a variable; that it is read later is not noted, for its value comes from the code."""
        self._own.add(key)
        super().__setitem__(key, value)

    def __iter__(self) -> Iterator[Any]:
        """Yield the names."""
        if self._author_asks():
            self._tell(EVERY)
        return super().__iter__()

    def _author_asks(self) -> bool:
        frame: Any = sys._getframe(2)  # noqa: SLF001 - who asks is what this is about
        while frame is not None and self._is_between(frame):
            frame = frame.f_back
        if frame is None:
            return False
        file = frame.f_code.co_filename
        return not file.startswith("<frozen") and not self._installed.holds(os.path.realpath(file))

    def _is_between(self, frame: Any) -> bool:
        if frame.f_globals.get("__name__") not in _BETWEEN:
            return False
        file = frame.f_code.co_filename  # an author's module may be called so, too
        return file.startswith("<frozen") or self._installed.holds(os.path.realpath(file))


def hear(tell: Callable[[str], None], installed: Installed) -> None:
    """Have ``tell`` called with every variable that an author's code asks for from now on."""
    known = getattr(os.environ, "_data", None)
    if type(known) is not dict:
        return
    heard = HeardVariables(known, tell, installed)
    os.environ._data = heard  # type: ignore[attr-defined]  # noqa: SLF001
    if getattr(os, "environb", None) is not None:
        os.environb._data = heard  # type: ignore[attr-defined]  # noqa: SLF001
