"""``trackbench export-results``: stored results as the files of another toolkit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trackbench.cli.out_options import out_folder
from trackbench.cli.parameters import Plugins, ResultsDirectory, StoredProtocol, StoredTrackers


def export_results(
    results: ResultsDirectory,
    layout: Annotated[
        str, typer.Option("--layout", "-l", help="got10k, pysot, pytracking or vot: whose files.")
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="A new folder.", callback=out_folder("results")),
    ],
    tracker: StoredTrackers = None,
    dataset: Annotated[
        list[str] | None,
        typer.Option("--dataset", "-d", help="Where a data set is that has moved, LAYOUT:PATH."),
    ] = None,
    protocol: StoredProtocol = None,
    plugin: Plugins = None,
) -> None:
    """Write stored boxes as another toolkit would have; read back, they are the same.

    Example: trackbench export-results results/otb --layout got10k --out boxes
    """
    import trackbench
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    done = trackbench.export_results(
        results,
        layout,
        out,
        trackers=tracker or (),
        datasets=dataset or (),
        protocol=protocol,
    )
    typer.echo(str(done))
