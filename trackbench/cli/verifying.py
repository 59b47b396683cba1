"""``trackbench verify``: are the data made here the published data?"""

from __future__ import annotations

from typing import Annotated

import typer

from trackbench.cli.codes import ExitCode
from trackbench.cli.listed_names import separated
from trackbench.cli.parameters import Plugins


def verify(
    dataset: Annotated[
        list[str] | None,
        typer.Argument(help="Data sets, or LAYOUT:PATH (default: all).", callback=separated),
    ] = None,
    plugin: Plugins = None,
) -> ExitCode:
    """Make the sample of each data set and compare its fingerprint with the published one.

    Where none is published, the sample is made twice, and must be the same.

    Of a data set that names the files it reads, a hash of their content is printed as well.

    Example: trackbench verify mnist-single-same

    Of one that lies on disk, every image and annotation is looked at.

    Example: trackbench verify mine --plugin mine.py

    Example: trackbench verify otb:/data/OTB100

    Exits with 1 if one differs, or cannot be made.
    """
    import trackbench
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    found = trackbench.verify(dataset or None, progress=lambda each: typer.echo(str(each)))
    return ExitCode.GOOD if found.ok else ExitCode.REGRESSED
