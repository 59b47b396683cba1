"""``trackbench show``: look at a sequence."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.printing.text import visible
from trackbench.results.atomic_files import check_out_file
from trackbench.running.plan import tracker_named, with_weights

if TYPE_CHECKING:
    from PIL.Image import Image


class Form(Enum):
    """What is drawn, by the file's suffix."""

    SHEET = ".png"
    GIF = ".gif"
    MP4 = ".mp4"


FRAME_MILLISECONDS = 80


def show(
    dataset: Annotated[str, typer.Argument(help="A data set, see trackbench list datasets.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="A .png (a sheet), .gif or .mp4.")],
    sequence: Annotated[int, typer.Option("--sequence", "-n", help="Which sequence.")] = 0,
    tracker: Annotated[
        list[str] | None,
        typer.Option("--tracker", "-t", help="Draw its boxes, too; several stand side by side."),
    ] = None,
    length: Annotated[int | None, typer.Option(help="Frames (default: all).")] = None,
    pictures: Annotated[int, typer.Option(min=1, help="Frames on a sheet, evenly spread.")] = 20,
    columns: Annotated[int, typer.Option(min=1, help="Frames in a row of a sheet.")] = 5,
    zoom: Annotated[int, typer.Option(min=1, max=20, help="Enlargement.")] = 3,
    weights: Annotated[
        Path | None, typer.Option(help="Weights of your own, from trackbench train.")
    ] = None,
    plugin: Annotated[
        list[Path] | None, typer.Option(help="A Python file that brings trackers or data sets.")
    ] = None,
) -> None:
    """Draw the frames of a sequence with the true box (green) and trackers' boxes (orange).

    A .png is a sheet of evenly spread frames; a .gif or .mp4 plays all of them. Of a tracker with
    attention, the mask and the masked frame are drawn underneath.

    Example: trackbench show mnist-multi-diff --sequence 3 --out three.gif

    Example: trackbench show mnist-single-same --tracker kcf --tracker ncc --out both.png
    """
    from trackbench.plugins.loading import load_plugins
    from trackbench.reports import drawing
    from trackbench.reports.scenes import Panel, scenes
    from trackbench.results.atomic_files import writing_to
    from trackbench.running.preview import follow

    form = _form(out)
    load_plugins(plugin)
    specs = [_tracker(name, weights) for name in tracker or []]
    spec = registry.datasets().get(dataset)
    made = make_sequence(registry.build_dataset(spec), sequence, length)
    panels = []
    for one in specs:
        followed = follow(one, made)
        panels.append(Panel(one.id, followed.boxes, followed.masks))
    count = min(pictures, len(made)) if form is Form.SHEET else len(made)
    shown = np.linspace(0, len(made) - 1, count).round().astype(int).tolist()
    drawn = scenes(made.frames, made.boxes, panels, shown, zoom)
    with writing_to(out) as temporary:
        if form is Form.SHEET:
            drawing.tile(drawn, columns).save(temporary, format="PNG")
        elif form is Form.GIF:
            drawing.save_gif(drawn, temporary, FRAME_MILLISECONDS)
        else:
            _save_mp4(drawn, temporary)
    typer.echo(visible(f"{out}: {spec.id} sequence {sequence}, {len(made)} frames"))


def _form(out: Path) -> Form:
    try:
        form = Form(out.suffix.lower())
    except ValueError:
        raise TrackbenchError(f"--out {out}: end it in .png, .gif or .mp4") from None
    check_out_file(out)
    return form


def _tracker(name: str, weights: Path | None) -> TrackerSpec:
    spec = tracker_named(name)
    return with_weights(spec, weights) if weights is not None else spec


def _save_mp4(drawn: list[Image], out: Path) -> None:
    """Write it elsewhere first.

    OpenCV knows the format by the suffix, which a temporary file lacks, and is ended by the system
    when it is given a name that is no text.
    """
    from trackbench.reports import drawing

    with TemporaryDirectory() as folder:
        named = Path(folder) / "drawn.mp4"
        drawing.save_mp4(drawn, named, FRAME_MILLISECONDS)
        copyfile(named, out)
