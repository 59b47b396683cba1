"""``trackbench list``: what is registered, without importing what it needs to run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trackbench.api.listing import What
from trackbench.cli.console import output
from trackbench.cli.parameters import Plugins, TrackersToml
from trackbench.errors import TrackbenchError


def list_ids(
    what: Annotated[What, typer.Argument(help="Which kind.")] = What.TRACKERS,
    plugin: Plugins = None,
    trackers: TrackersToml = None,
    long: Annotated[
        bool, typer.Option("--long", help="Of trackers, say which parameters they take.")
    ] = False,
    at: Annotated[
        Path | None,
        typer.Option("--at", help="Say which data set's layout a folder seems to have."),
    ] = None,
) -> None:
    """List trackers, data sets, suites, factor suites, report formats, schemes (ways to name a
    tracker), layouts of videos on disk, metrics, or evaluation protocols.

    Plugins are listed too; one that cannot be imported is listed with the reason.

    Example: trackbench list datasets

    Example: trackbench list trackers --long

    Example: trackbench list datasets --at /data/OTB100
    """
    import trackbench
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    if at is not None:
        if what is not What.DATASETS:
            raise TrackbenchError("--at is about data sets: trackbench list datasets --at PATH")
        _print_recognised(at)
        return
    trackbench.available(what, trackers=trackers, long=long).print_to(output())


def _print_recognised(folder: Path) -> None:
    import trackbench

    for found in trackbench.recognise(folder):
        typer.echo(str(found))
