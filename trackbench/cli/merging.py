"""``trackbench merge``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trackbench.cli.out_options import out_folder
from trackbench.cli.run_results import show_results


def merge(
    shards: Annotated[
        list[Path], typer.Argument(help="The directories of all shards, in any order.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="Results directory, not there yet or empty.",
            callback=out_folder("results"),
        ),
    ],
) -> int:
    """Put the shards of a run together, and print the table.

    What is written is the same as if all had been run at once.

    Example: trackbench merge shard-1 shard-2 shard-3 --out results/whole

    Exits with 3 if a tracker failed some sequence.
    """
    import trackbench

    return show_results(trackbench.merge(shards, out), with_published=False)
