"""``trackbench export``: a data set as files that another toolkit reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trackbench.cli.console import frames_progress, say
from trackbench.cli.out_options import out_folder
from trackbench.cli.parameters import DatasetId, Jobs, Plugins
from trackbench.datasets.export.images import ImageFormat


def export(
    dataset: DatasetId,
    layout: Annotated[
        str, typer.Option("--layout", "-l", help="got10k, vot or otb: what the other tool reads.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="A new folder, or one to go on with.",
            callback=out_folder("exports"),
        ),
    ],
    sequences: Annotated[
        int | None, typer.Option(help="The first so many sequences (default: all).")
    ] = None,
    length: Annotated[
        int | None, typer.Option(help="Frames of each sequence, at most (default: all).")
    ] = None,
    image: Annotated[
        ImageFormat,
        typer.Option(help="png is exact, whatever the file is called; jpeg is lossy."),
    ] = ImageFormat.PNG,
    jobs: Jobs = None,
    plugin: Plugins = None,
) -> None:
    """Write a data set as image files and annotations, for a tracker in another toolkit.

    Each sequence also gets attributes.csv, what is known of each frame; trackbench.json says what
    was written. An export that was stopped goes on where it was.

    Example: trackbench export mnist-single-same --layout got10k --out single-same

    Example: trackbench export otb:OTB100 --layout vot --out workspace

    Example: trackbench export mine --plugin mine.py --layout vot --sequences 20 --out workspace

    got10k and otb readers look for files called .jpg. With png, that is what these files are
    called, and programs that go by the content (Pillow, OpenCV) read exactly the frames.
    """
    import trackbench
    from trackbench.datasets.export.layouts import layout_named
    from trackbench.plugins.dataset_naming import dataset_named
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    chosen = layout_named(layout)
    spec = dataset_named(dataset)
    with frames_progress(f"{spec.id} as {chosen.id}") as show:
        try:
            done = trackbench.export(
                spec,
                layout,
                out,
                sequences=sequences,
                length=length,
                image=image,
                jobs=jobs,
                progress=show,
            )
        except KeyboardInterrupt:
            message = "interrupted: what is finished stays, and the same command goes on"
            say(f"trackbench: {message}")
            raise
    typer.echo(str(done))
