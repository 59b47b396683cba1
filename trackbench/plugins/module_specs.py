"""The specs of modules, found without executing any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec

Find = Callable[[str, list[str] | None], ModuleSpec | None]
"""Returns the spec of a module that is looked for in these folders; None: on Python's path."""


def specs_on_the_way(module: str, find: Find, places: list[str] | None) -> Iterator[ModuleSpec]:
    """Yield the specs of the packages above a module, the uppermost first, and then its own.

    They end with the first that is not found.

    Args:
        module: its name, with dots.
        find: finds one.
        places: folders in which the uppermost is looked for; None: Python's path.
    """
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        spec = find(".".join(parts[:end]), places)
        if spec is None:
            return
        yield spec
        places = list(spec.submodule_search_locations or [])
