"""``trackbench list``: what is registered, without importing what it needs to run."""

from __future__ import annotations

from typing import Annotated

import typer

from trackbench.api.listing import What
from trackbench.cli.console import output
from trackbench.cli.parameters import Plugins


def list_ids(
    what: Annotated[What, typer.Argument(help="Which kind.")] = What.TRACKERS,
    plugin: Plugins = None,
) -> None:
    """List trackers, data sets, suites, report formats or schemes (ways to name a tracker).

    Plugins are listed too; one that cannot be imported is listed with the reason.

    Example: trackbench list datasets
    """
    import trackbench
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    trackbench.available(what).print_to(output())
