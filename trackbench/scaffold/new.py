"""``trackbench.new``: a plugin or a package to begin with, which works as it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.arguments.checking import arguments_checked
from trackbench.errors import TrackbenchError, UnknownIdError, parameter
from trackbench.printing.notebook import ShowsItself
from trackbench.printing.text import visible
from trackbench.scaffold.commands import package_commands, plugin_commands
from trackbench.scaffold.package import write_package
from trackbench.scaffold.plugin_file import write_plugin
from trackbench.scaffold.plugin_kinds import Part

if TYPE_CHECKING:
    from trackbench.datasets.readers.folder_sketch import FolderSketch

PACKAGE = "package"


@dataclass(frozen=True)
class NewPlugin(ShowsItself):
    """A plugin that was written.

    Attributes:
        path: the file, or the package's folder.
        kind: ``"tracker"``, ``"dataset"``, ``"report"`` or ``"package"``.
        ids: of the trackers, data sets and report formats that it brings.
        about: what it is, and what is to be done with it.
        commands: what to run next, each for a shell.
        remarks: what else is to be known, a line each.
    """

    path: Path
    kind: str
    ids: tuple[str, ...]
    about: str
    commands: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return what was written and what to run next; no command is broken into lines."""
        commands = (f"    {command}" for command in self.commands)
        lines = (f"{self.path}: {self.about}. Next:", "", *commands, *self.remarks)
        return "\n".join(map(visible, lines))


@arguments_checked
def new(
    kind: Part | str,
    name: str,
    *,
    out: str | Path | None = None,
    batched: bool = False,
    from_folder: str | Path | None = None,
    parts: Part | str | Iterable[Part | str] = (),
) -> NewPlugin:
    """Write a tracker, a data set or a report format to begin with, or a package of them.

    It is an example that works, and says what is asked of yours. Nothing is overwritten.

    Args:
        kind: ``"tracker"``, ``"dataset"`` or ``"report"``, one Python file; or ``"package"``, to
            install and to publish, with entry points, tests and a workflow for CI.
        name: its id: letters, digits, ``"."``, ``"_"`` and ``"-"``.
        out: the new file, or the package's folder; None: by the name, in the working folder.
        batched: the tracker follows many videos in lockstep.
        from_folder: of a data set: a folder with a folder of images and a file of boxes each
            sequence, which it reads; None: it draws its videos.
        parts: of a package: what it brings; none: a tracker.

    Raises:
        TrackbenchError: the name is taken or makes no names, it cannot be written, or something is
            asked for that goes with another kind.

    Example:
        >>> import trackbench
        >>> trackbench.new("tracker", "mine").path.name
        'mine.py'
    """
    one = None if kind == PACKAGE else _part(kind, also=[PACKAGE])
    brought = [_part(each) for each in ((parts,) if isinstance(parts, Part | str) else parts)]
    path = None if out is None else Path(out)
    _check_goes_with(one, batched=batched, from_folder=from_folder is not None, parts=brought)
    if one is None:
        return _package(brought or [Part.TRACKER], name, path, batched=batched)
    if from_folder is None:
        return _plugin(one, name, path, batched=batched)
    from trackbench.datasets.readers.sketching import sketch

    return _plugin(one, name, path, sketch=sketch(Path(from_folder).expanduser()))


def _part(given: Part | str, also: Iterable[str] = ()) -> Part:
    try:
        return Part(given)
    except ValueError:
        known = [*(each.value for each in Part), *also]
        raise UnknownIdError("kind of plugin", str(given), known) from None


def _check_goes_with(
    kind: Part | None, *, batched: bool, from_folder: bool, parts: list[Part]
) -> None:
    """Refuse what is asked for and goes with another kind; None: it is a package."""
    for given, said, fits in (
        (batched, f"{parameter('batched', True)} is for a tracker", kind in {None, Part.TRACKER}),
        (from_folder, f"{parameter('from_folder')} is for a data set", kind is Part.DATASET),
        (parts, f"{parameter('parts', option='with')} is for a package", kind is None),
    ):
        if given and not fits:
            raise TrackbenchError(f"{said}: leave it out")


def _plugin(
    part: Part,
    name: str,
    out: Path | None,
    *,
    batched: bool = False,
    sketch: FolderSketch | None = None,
) -> NewPlugin:
    file, made = write_plugin(part, name, out, batched=batched, sketch=sketch)
    about = "an example that works: put yours in its place"
    remarks: tuple[str, ...] = ()
    if sketch is not None:
        about = f"reads {sketch.path}; how its boxes are taken stands at the top"
        remarks = tuple(
            f"How boxes are taken, which is yours to change: {reason}" for reason in sketch.reasons
        )
    commands = tuple(plugin_commands(made, file))
    return NewPlugin(file, part.value, made.ids, about, commands, remarks)


def _package(parts: list[Part], name: str, out: Path | None, *, batched: bool) -> NewPlugin:
    folder, made = write_package(parts, name, out, batched=batched)
    about = "the licence is yours to choose: see its README.md"
    return NewPlugin(folder, PACKAGE, made.ids, about, tuple(package_commands(made, folder)))
