"""``trackbench show``: look at a sequence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trackbench.arguments.bounds import COUNT, ZOOM
from trackbench.cli.listed_names import separated_trackers
from trackbench.cli.opening import open_file
from trackbench.cli.out_options import out_file
from trackbench.cli.parameters import (
    DatasetId,
    Parameters,
    Plugins,
    Python,
    StoredProtocol,
    TrackersToml,
    Weights,
    given_tracker,
    listed_trackers,
    whole,
)


def show(
    dataset: DatasetId,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", help="A .png (a sheet), .gif, .webm or .mp4.", callback=out_file
        ),
    ],
    sequence: Annotated[
        str, typer.Option("--sequence", "-n", help="Which sequence: its number, or its name.")
    ] = "0",
    tracker: Annotated[
        list[str] | None,
        typer.Option(
            "--tracker",
            "-t",
            help="Draw its boxes, too; several stand side by side, many in a grid.",
            callback=separated_trackers,
        ),
    ] = None,
    length: Annotated[int | None, typer.Option(help="Frames (default: all).")] = None,
    pictures: Annotated[int, whole(COUNT, help="Frames on a sheet, evenly spread.")] = 20,
    columns: Annotated[
        int | None, whole(COUNT, help="Frames in a row of a sheet (default: 5, or fewer).")
    ] = None,
    zoom: Annotated[
        int | None,
        whole(ZOOM, help="Enlargement (default: so that names are read)."),
    ] = None,
    together: Annotated[
        bool, typer.Option("--together", help="All trackers' boxes on one frame.")
    ] = False,
    results: Annotated[
        Path | None,
        typer.Option(
            "--results",
            "-r",
            help="A results directory: its trackers have the colours of its report.",
        ),
    ] = None,
    protocol: StoredProtocol = None,
    open_: Annotated[
        bool, typer.Option("--open", help="Open it when it is drawn, in what the system has.")
    ] = False,
    param: Parameters = None,
    weights: Weights = None,
    plugin: Plugins = None,
    trackers: TrackersToml = None,
    python: Python = None,
) -> None:
    """Draw the frames of a sequence with the true box (green) and trackers' boxes.

    Each tracker has a colour, that of its name, and dashed boxes; with --results the colour that it
    has in the report of that directory. A .png is a sheet of evenly spread frames; a .gif, .webm or
    .mp4 (H.264, with the extra video) plays all of them. Of a tracker with attention, the mask and
    the masked frame are drawn underneath.

    Example: trackbench show mnist-multi-diff --sequence 3 --out three.gif

    Example: trackbench show mnist-single-same --tracker kcf --tracker ncc --out both.png

    Example: trackbench show mnist-single-same -t kcf,ncc,static --together --out all.webm --open
    """
    import trackbench
    from trackbench.plugins.loading import load_plugins
    from trackbench.running.asked_trackers import check_python_is_used

    load_plugins(plugin)
    listed = listed_trackers(trackers)
    specs = [given_tracker(name, param, None, weights, python, listed) for name in tracker or ()]
    check_python_is_used(python, specs)
    shown = trackbench.show(
        dataset,
        out,
        sequence=sequence,
        trackers=specs,
        length=length,
        pictures=pictures,
        columns=columns,
        zoom=zoom,
        together=together,
        results=results,
        protocol=protocol,
    )
    typer.echo(str(shown))
    if open_:
        open_file(out)
