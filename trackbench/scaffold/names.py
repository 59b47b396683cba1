"""One name, and what is made of it: ids, a module, classes."""

from __future__ import annotations

import importlib.util
import keyword
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from trackbench.errors import TrackbenchError
from trackbench.ids import Id, parse

LONGEST = 40
"""Characters of a name, so that no line of what is written grows over 100."""


@dataclass(frozen=True)
class Names:
    """What a tracker, data set or format is called, and the code that it is in.

    Attributes:
        id: as the user wrote it: ``my-tracker``.
        module: ``my_tracker``.
        words: ``MyTracker``, the beginning of classes' names.
    """

    id: str
    module: str
    words: str

    @property
    def name(self) -> str:
        """The id without a version."""
        return parse(self.id).name

    @property
    def versioned(self) -> str:
        """The id with a version: the one it has, or the first."""
        wanted = parse(self.id)
        return str(Id(wanted.name, wanted.version or 1))

    def class_of(self, what: str) -> str:
        """Return the name of a class, such as ``MyTracker`` for a ``Tracker``."""
        return self.words if self.words.endswith(what) else self.words + what


def names_of(text: str) -> Names:
    """Return what is made of a name.

    Raises:
        TrackbenchError: it is no id, too long, or makes no names in Python.
    """
    parse(text)
    if len(text) > LONGEST:
        raise TrackbenchError(f"the name {text!r} is too long: use at most {LONGEST} characters")
    words = re.findall(r"[A-Za-z0-9]+", text)
    module = "_".join(words).lower()
    if not module.isidentifier():
        raise TrackbenchError(
            f"the name {text!r} makes no Python module {module}: begin it with a letter"
        )
    for made in (text, module):
        if keyword.iskeyword(made):
            raise TrackbenchError(f"{made!r} is a keyword of Python: choose another name")
    return Names(text, module, "".join(word[0].upper() + word[1:] for word in words))


def check_module_free(module: str) -> None:
    """Raise if a new module would hide one that is there.

    A file ``cv2.py`` would be imported wherever its neighbours import OpenCV.

    Raises:
        TrackbenchError: Python brings a module of this name, or one is installed.
    """
    if module in sys.stdlib_module_names:
        raise TrackbenchError(
            f"a module {module} would hide Python's own {module}: choose another name"
        )
    if module in sys.modules or _installed(module):
        raise TrackbenchError(
            f"a module {module} would hide the one that is installed: choose another name"
        )


def _installed(module: str) -> bool:
    """Say whether a module is found elsewhere than in the working folder."""
    if not module.isidentifier():
        return False  # nothing imports it by this name
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:  # None: a mere folder, which hides nothing
        return False
    origin = Path(found.origin)
    home = origin.parent.parent if found.submodule_search_locations else origin.parent
    return home != Path.cwd()
