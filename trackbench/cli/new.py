"""``trackbench new``: what a third party writes, to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
    import trackbench

    typer.echo(str(trackbench.new(Part.TRACKER, name, out=out, batched=batched)))


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
    import trackbench

    typer.echo(str(trackbench.new(Part.DATASET, name, out=out, from_folder=from_folder)))


@new.command("report")
def report(name: _Name, out: _File = None) -> None:
    """Write a report format: one Python file.

    Example: trackbench new report bars
    """
    import trackbench

    typer.echo(str(trackbench.new(Part.REPORT, name, out=out)))


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
    import trackbench

    made = trackbench.new("package", name, out=out, batched=batched, parts=with_ or ())
    typer.echo(str(made))
