"""Modules of an author's that are to be found in one place alone, whatever is installed of them.

``trackbench bisect`` runs the files of a commit, while an installation of the same package,
editable or not, says that it lies elsewhere. What is placed here is found first, in this process
and in each that is started for an author's code.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.machinery import ModuleSpec

from trackbench.host.arranging import ByFile

_placed: dict[str, str] = {}


def place_modules(files: Mapping[str, str]) -> None:
    """Let modules be found in these files before all others of their names.

    Args:
        files: top-level name -> file; of a package its ``__init__.py``, whose folder then says
            where what is below it lies.
    """
    _placed.update(files)
    sys.meta_path.insert(0, ByFile(dict(files)))


def placed_modules() -> dict[str, str]:
    """Return name -> file of the modules that were placed."""
    return dict(_placed)


def placed_spec(name: str) -> ModuleSpec | None:
    """Return the spec of a placed module; None: it is none."""
    spec: ModuleSpec | None = ByFile({n: f for n, f in _placed.items() if n == name}).find_spec(
        name
    )
    return spec
