"""``trackbench view``: the report of a results directory, served while runs go on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trackbench.arguments.bounds import PORTS
from trackbench.cli.opening import open_address
from trackbench.cli.parameters import Plugins, StoredProtocol, whole


def view(
    directory: Annotated[Path, typer.Argument(help="Results directory.")],
    beside: Annotated[
        Path | None, typer.Argument(help="Another one, shown beside it.", show_default=False)
    ] = None,
    port: Annotated[
        int | None,
        whole(PORTS, help="To listen on (default: 8642, or the next free)."),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    protocol: StoredProtocol = None,
    plugin: Plugins = None,
) -> None:
    """Look at results in a browser, every sequence played, renewed as runs are finished.

    The HTML report is served on this machine's loopback address alone, until Ctrl-C.

    Example: trackbench view results/smoke --open

    Example: trackbench view results/before results/after
    """
    import trackbench
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    served = trackbench.view(directory, beside, port=port, protocol=protocol)
    typer.echo(f"{served.address} (end it with Ctrl-C)")
    if open_:
        open_address(served.address)
    try:
        served.serve()
    finally:
        served.close()
