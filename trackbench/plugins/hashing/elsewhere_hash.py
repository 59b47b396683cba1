"""The author's own files of a tracker that another interpreter imports."""

from __future__ import annotations

from pathlib import Path

from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.hashing.source_file import OwnFile, read_file

_OURS = "trackbench"


def own_files_elsewhere(factory: Elsewhere) -> dict[str, OwnFile]:
    """Return the files of a factory's module and of all that it imports, by the modules' names.

    As for trackers that are imported here, those count that are not installed, and those of the
    factory's own package. Nothing is executed: modules are looked for where that interpreter does.

    Args:
        factory: of the tracker.

    Raises:
        OSError: a file cannot be read.
    """
    family = factory.module.partition(".")[0]
    found: dict[str, OwnFile] = {}
    left = [factory.module, *factory.also]
    seen = set[str]()
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        parent = name.rpartition(".")[0]
        left += [parent] if parent else []
        spec = factory.find(name)
        if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
            continue
        top = name.partition(".")[0]
        if top == _OURS or (top != family and factory.is_installed(spec.origin)):
            continue
        package = name if spec.submodule_search_locations is not None else parent
        found[name] = read_file(Path(spec.origin), package)
        left += found[name].imports
    return found
