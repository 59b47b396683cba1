"""What this process counts and stores with, put back where an author's module has replaced it.

A module that puts a function of its own in the place of NumPy's does so for all code of the process
that imports it. In its hosts that is its own affair. Here every tracker's numbers are stored.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

_LIBRARIES = ("builtins", "hashlib", "json", "math", "numpy", "sys")  # loaded before any plugin
_OF_SYS = frozenset({"stdin", "stdout", "stderr", "excepthook", "unraisablehook", "displayhook"})
_THEIRS = frozenset({"load", "loadtxt", "genfromtxt", "save", "savez", "savetxt", "_"})
"""What many a module replaces for what it reads itself; nothing is stored with it."""


@dataclass(frozen=True)
class Libraries:
    """What names of libraries stand for.

    Attributes:
        held: module -> name -> value.
    """

    held: dict[str, dict[str, Any]]

    @classmethod
    def now(cls) -> Libraries:
        """Return what they stand for now; nothing of a library that is not loaded."""
        loaded = [name for name in _LIBRARIES if name in sys.modules]
        return cls({name: dict(vars(sys.modules[name])) for name in loaded})

    def restore(self) -> None:
        """Put back what was replaced or removed since; what was added stays."""
        for library, before in self.held.items():
            held = vars(sys.modules[library]) if library in sys.modules else before
            for name, value in before.items():
                if held.get(name, held) is not value and _counts(library, name):
                    held[name] = value


def _counts(library: str, name: str) -> bool:
    return name in _OF_SYS if library == "sys" else name not in _THEIRS
