"""``trackbench import``: results of other toolkits made into stored ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trackbench.cli.out_options import out_folder
from trackbench.cli.parameters import Plugins, given_lengths


def import_(
    folder: Annotated[
        Path, typer.Argument(help="The folder of a tracker's files, or one that holds several.")
    ],
    dataset: Annotated[
        str,
        typer.Option("--dataset", "-d", help="What they were run on: an id, or LAYOUT:PATH."),
    ],
    layout: Annotated[
        str,
        typer.Option("--layout", "-l", help="got10k, pysot, pytracking, vot, or auto: as found."),
    ] = "auto",
    tracker_name: Annotated[
        str | None, typer.Option(help="What the tracker is called (default: as its folder).")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Results directory (default: results/imported).",
            callback=out_folder("results"),
        ),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Import what there is, if sequences are missing.")
    ] = False,
    sequences: Annotated[
        int | None,
        typer.Option(help="Only the first so many (default: as in the directory, else all)."),
    ] = None,
    lengths: Annotated[
        str | None, typer.Option(help="Lengths in frames that are scored, such as 100,full.")
    ] = None,
    protocol: Annotated[
        str | None, typer.Option(help="paper-v1 or ope-v1 (default: as in the directory).")
    ] = None,
    origin: Annotated[
        float, typer.Option(help="Is taken off x and y of every box: 1, 0.5, -1.")
    ] = 0.0,
    corners: Annotated[
        bool, typer.Option("--corners", help="The four numbers are x1, y1, x2, y2.")
    ] = False,
    any_first_row: Annotated[
        bool, typer.Option("--any-first-row", help="Import what begins far from the truth, too.")
    ] = False,
    plugin: Plugins = None,
) -> None:
    """Make stored results of text files of boxes, as trackers of other toolkits write them.

    Everything is checked before anything is written. Nothing is corrected but on request: what is
    noticed (whole numbers, corners, half a pixel) is said, sequence by sequence.

    Example: trackbench import results/OTB100 --dataset otb:/data/OTB100 --out results/otb

    Example: trackbench import DiMP50 --layout pytracking --dataset lasot:/data/LaSOT --partial
    """
    import trackbench
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    done = trackbench.import_results(
        folder,
        dataset,
        layout=layout,
        tracker_name=tracker_name,
        out=out,
        partial=partial,
        sequences=sequences,
        lengths=given_lengths(lengths),
        protocol=protocol,
        origin=origin,
        corners=corners,
        any_first_row=any_first_row,
    )
    typer.echo(str(done))
