"""``trackbench new``: what a third party writes, to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trackbench.printing.text import visible
from trackbench.scaffold.folder_sketch import FolderSketch
from trackbench.scaffold.plugin_kinds import Part

new = typer.Typer(
    help=(
        "Write a tracker, a data set or a report format to begin with: an example that works.\n\n"
        "It says what is asked of yours, and the commands to run next are printed. Nothing is "
        "overwritten.\n\n"
        "Example: trackbench new tracker mine"
    ),
    no_args_is_help=True,
)

_Name = Annotated[
    str, typer.Argument(help="Its id: letters, digits, '.', '_' and '-', such as my-tracker.")
]
_File = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="The file (default: NAME.py in the working folder)."),
]
_Batched = Annotated[
    bool, typer.Option("--batched", help="The tracker follows many videos in lockstep.")
]


@new.command("tracker")
def tracker(name: _Name, out: _File = None, batched: _Batched = False) -> None:
    """Write a tracker: one Python file.

    Example: trackbench new tracker mine

    Example: trackbench new tracker my-network --batched --out trackers/network.py
    """
    _write_plugin(Part.TRACKER, name, out, batched=batched)


@new.command("dataset")
def dataset(
    name: _Name,
    out: _File = None,
    from_folder: Annotated[
        Path | None,
        typer.Option(
            "--from-folder",
            help="A folder with a folder of images and a file of boxes each sequence, to read.",
        ),
    ] = None,
) -> None:
    """Write a data set and a suite over it: one Python file.

    Example: trackbench new dataset squares

    Example: trackbench new dataset walks --from-folder ~/walks
    """
    if from_folder is None:
        _write_plugin(Part.DATASET, name, out)
        return
    from trackbench.datasets.readers.sketching import sketch

    seen = sketch(from_folder.expanduser())
    _write_plugin(Part.DATASET, name, out, sketch=seen)
    for reason in seen.reasons:
        typer.echo(f"How boxes are taken, which is yours to change: {visible(reason)}")


@new.command("report")
def report(name: _Name, out: _File = None) -> None:
    """Write a report format: one Python file.

    Example: trackbench new report bars
    """
    _write_plugin(Part.REPORT, name, out)


@new.command("package")
def package(
    name: _Name,
    with_: Annotated[
        list[Part] | None,
        typer.Option(
            "--with",
            "-w",
            metavar="tracker|dataset|report",
            help="What it brings (default: tracker); may be repeated.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The folder (default: NAME in the working folder)."),
    ] = None,
    batched: _Batched = False,
) -> None:
    """Write a package to install and to publish, with entry points, tests and a workflow for CI.

    Example: trackbench new package mine

    Example: trackbench new package squares --with dataset --with report --out ~/squares
    """
    from trackbench.scaffold.commands import package_commands
    from trackbench.scaffold.package import write_package

    folder, made = write_package(with_ or [Part.TRACKER], name, out, batched=batched)
    _print(
        folder, "the licence is yours to choose: see its README.md", package_commands(made, folder)
    )


def _write_plugin(
    part: Part,
    name: str,
    out: Path | None,
    *,
    batched: bool = False,
    sketch: FolderSketch | None = None,
) -> None:
    from trackbench.scaffold.commands import plugin_commands
    from trackbench.scaffold.plugin_file import write_plugin

    file, made = write_plugin(part, name, out, batched=batched, sketch=sketch)
    what = "an example that works: put yours in its place"
    if sketch is not None:
        what = f"reads {sketch.path}; how its boxes are taken stands at the top"
    _print(file, what, plugin_commands(made, file))


def _print(path: Path, what: str, commands: list[str]) -> None:
    """Say what was written and what to run next, never broken into lines that a shell misreads."""
    typer.echo(f"{visible(str(path))}: {what}. Next:\n")
    for command in commands:
        typer.echo(f"    {visible(command)}")
