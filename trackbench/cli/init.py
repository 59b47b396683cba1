"""``trackbench init``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trackbench.printing.text import visible


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
    import shlex

    from trackbench.scaffold.bench_file import write_bench

    path = write_bench(out)
    typer.echo(f"{visible(str(path))}: a run that works: put yours in its place. Next:\n")
    typer.echo(f"    trackbench run {visible(shlex.quote(str(path)))}")
