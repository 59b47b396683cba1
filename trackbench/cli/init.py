"""``trackbench init``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The new file (default: bench.toml).")
    ] = None,
) -> None:
    """Write a run in a file, to begin with: trackers, suite and settings, with comments.

    Nothing is overwritten.

    Example: trackbench init

    Example: trackbench init --out benches/night.toml
    """
    import trackbench

    typer.echo(str(trackbench.init(out)))
