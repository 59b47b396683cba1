"""``trackbench verify``: are the data made here the published data?"""

from __future__ import annotations

from typing import Annotated

import typer

from trackbench.cli.codes import ExitCode
from trackbench.cli.parameters import Plugins


def verify(
    dataset: Annotated[
        list[str] | None, typer.Argument(help="Data sets (default: all that are registered).")
    ] = None,
    plugin: Plugins = None,
) -> ExitCode:
    """Make the sample of each data set and compare its fingerprint with the published one.

    Where none is published, the sample is made twice, and must be the same.

    Of a data set that names the files it reads, a hash of their content is printed as well.

    Example: trackbench verify mnist-single-same

    Example: trackbench verify mine --plugin mine.py

    Exits with 1 if one differs, or cannot be made.
    """
    import trackbench
    from trackbench.plugins import registry
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    names = [registry.datasets().get(name).id for name in dataset or ()]
    every = names or [spec.id for spec in registry.datasets()]
    good = True
    for name in every:  # each is told as soon as it is known
        found = trackbench.verify(name)
        typer.echo(str(found))
        good = good and found.ok
    return ExitCode.GOOD if good else ExitCode.REGRESSED
