"""``trackbench submit``: stored results as the archive that an evaluation server wants."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trackbench.cli.out_options import out_file
from trackbench.cli.parameters import Plugins, ResultsDirectory, StoredProtocol


def submit(
    server: Annotated[str, typer.Argument(help="got10k, trackingnet or lasot.")],
    results: ResultsDirectory,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The archive, a .zip.", callback=out_file)
    ],
    tracker: Annotated[
        str | None, typer.Option("--tracker", "-t", help="Which, if there are several.")
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option("--dataset", "-d", help="Where the data set is, if it has moved since."),
    ] = None,
    protocol: StoredProtocol = None,
    plugin: Plugins = None,
) -> None:
    """Write the archive that an evaluation server wants, held to its test set.

    Example: trackbench submit got10k results/got10k --tracker mine --out mine.zip
    """
    import trackbench
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    done = trackbench.submit(
        server, results, out, tracker=tracker, dataset=dataset, protocol=protocol
    )
    typer.echo(str(done))
