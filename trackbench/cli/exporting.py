"""``trackbench export``: a data set as files that another toolkit reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trackbench.cli.console import frames_progress
from trackbench.datasets.export.images import ImageFormat
from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.printing.text import visible
from trackbench.running.processors import usable_processors

if TYPE_CHECKING:
    from trackbench.datasets.export.card import Card
    from trackbench.datasets.export.layout import Layout


def export(
    dataset: Annotated[str, typer.Argument(help="A data set, see trackbench list datasets.")],
    layout: Annotated[
        str, typer.Option("--layout", "-l", help="got10k, vot or otb: what the other tool reads.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="A new folder, or one to go on with.")],
    sequences: Annotated[
        int | None, typer.Option(help="The first so many sequences (default: all).")
    ] = None,
    length: Annotated[
        int | None, typer.Option(help="Frames of each sequence (default: all).")
    ] = None,
    image: Annotated[
        ImageFormat,
        typer.Option(help="png is exact, whatever the file is called; jpeg is lossy."),
    ] = ImageFormat.PNG,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", help="Processes (default: all processors).")
    ] = None,
    plugin: Annotated[
        list[Path] | None, typer.Option(help="A Python file that brings data sets.")
    ] = None,
) -> None:
    """Write a data set as image files and annotations, for a tracker in another toolkit.

    Each sequence also gets attributes.csv, what is known of each frame; trackbench.json says what
    was written. An export that was stopped goes on where it was.

    Example: trackbench export mnist-single-same --layout got10k --out single-same

    Example: trackbench export mine --plugin mine.py --layout vot --sequences 20 --out workspace

    got10k and otb readers look for files called .jpg. With png, that is what these files are
    called, and programs that go by the content (Pillow, OpenCV) read exactly the frames.
    """
    from trackbench.datasets.export import exporting
    from trackbench.datasets.export.layouts import layout_named
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    chosen = layout_named(layout)
    spec = registry.datasets().get(dataset)
    if jobs is not None and jobs < 1:
        raise TrackbenchError(f"--jobs must be at least 1, not {jobs}")
    with frames_progress(f"{spec.id} as {chosen.id}") as show:
        try:
            done = exporting.export(
                spec,
                chosen,
                image,
                out,
                sequences=sequences,
                length=length,
                jobs=jobs or usable_processors(),
                progress=show,
            )
        except KeyboardInterrupt:
            message = "interrupted: what is finished stays, and the same command goes on"
            typer.echo(f"trackbench: {message}", err=True)
            raise
    typer.echo(visible(f"{out}: {'already there: ' if done.found else ''}{done.card.extent}"))
    for line in _remarks(done.card, chosen, image):
        typer.echo(visible(f"  {line}"))
    typer.echo(visible(f"  read it with {chosen.opened_with(str(out), spec)}"))


def _remarks(card: Card, layout: Layout, image: ImageFormat) -> list[str]:
    """Return what must not be found out only later."""
    remarks = list(card.notes)
    if not image.lossless:
        remarks.append(
            f"JPEG is lossy: values differ by {card.largest_error} of 255 at most, by "
            f"{card.mean_error:.4f} on average"
        )
    elif layout.suffix(image) != ".png":
        remarks.append(
            f"exact: PNG in files called {layout.suffix(image)}, which Pillow and OpenCV read; "
            "for what reads JPEG alone: --image jpeg"
        )
    return remarks
