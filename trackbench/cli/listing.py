"""``trackbench list``: what is registered, without importing what it needs to run."""

from __future__ import annotations

from typing import Annotated

import typer

from trackbench.api.listing import What
from trackbench.cli.console import output
from trackbench.cli.parameters import Plugins, TrackersToml


def list_ids(
    what: Annotated[What, typer.Argument(help="Which kind.")] = What.TRACKERS,
    plugin: Plugins = None,
    trackers: TrackersToml = None,
    long: Annotated[
        bool, typer.Option("--long", help="Of trackers, say which parameters they take.")
    ] = False,
) -> None:
    """List trackers, data sets, suites, report formats or schemes (ways to name a tracker).

    Plugins are listed too; one that cannot be imported is listed with the reason.

    Example: trackbench list datasets

    Example: trackbench list trackers --long
    """
    import trackbench
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    trackbench.available(what, trackers=trackers, long=long).print_to(output())
