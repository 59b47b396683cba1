"""A plugin in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.errors import TrackbenchError, parameter
from trackbench.results.atomic_files import create_text
from trackbench.scaffold.names import check_module_free, names_of
from trackbench.scaffold.plugin_kinds import Part
from trackbench.scaffold.rendering import Scaffold, module_text
from trackbench.scaffold.target import said_of_target, target

if TYPE_CHECKING:
    from trackbench.datasets.readers.folder_sketch import FolderSketch


def write_plugin(
    part: Part,
    name: str,
    out: Path | None,
    *,
    batched: bool,
    sketch: FolderSketch | None = None,
) -> tuple[Path, Scaffold]:
    """Write a plugin; return where, and what it is.

    Args:
        part: what it brings.
        name: its id.
        out: the new file; None: the name's module in the working folder.
        batched: a tracker follows many videos in lockstep.
        sketch: of the folder that a data set is to read; None: it draws its videos.

    Raises:
        TrackbenchError: the name is taken or makes no names, or the file cannot be written.
    """
    names = names_of(name)
    part.check_free(names, package=False)
    path = target(out, f"{names.module}.py")
    if path.suffix != ".py":
        raise TrackbenchError(
            f"{parameter('out')} {path}: a plugin is a Python file: end its name in .py"
        )
    check_module_free(path.stem)
    new = Scaffold(names, (part,), batched=batched, sketch=sketch)
    with said_of_target(path):
        create_text(path, module_text(part, new))
    return path, new
