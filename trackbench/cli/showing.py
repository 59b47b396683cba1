"""``trackbench show``: look at a sequence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from trackbench import registry
from trackbench.errors import TrackbenchError


def show(
    dataset: Annotated[str, typer.Argument(help="A data set, see trackbench list datasets.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="A .png (a sheet) or .gif.")],
    sequence: Annotated[int, typer.Option("--sequence", "-n", help="Which sequence.")] = 0,
    length: Annotated[int | None, typer.Option(help="Frames (default: all).")] = None,
    pictures: Annotated[int, typer.Option(min=1, help="Frames on a sheet, evenly spread.")] = 20,
    zoom: Annotated[int, typer.Option(min=1, max=20, help="Enlargement.")] = 3,
) -> None:
    """Draw the frames of a sequence with the true box.

    A .png is a sheet of evenly spread frames; a .gif plays all of them.

    Example: trackbench show mnist-multi-diff --sequence 3 --out three.gif
    """
    from trackbench.files import replacing
    from trackbench.reports import drawing

    if out.suffix.lower() not in (".png", ".gif"):
        raise TrackbenchError(f"--out {out}: end it in .png or .gif")
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise TrackbenchError(f"--out {out} is not a file in an existing folder")
    spec = registry.datasets().get(dataset)
    try:
        made = registry.build_dataset(spec).sequence(sequence, length)
    except (IndexError, ValueError) as error:
        raise TrackbenchError(str(error)) from error
    truth = [drawing.Overlay(made.boxes, drawing.TRUTH_COLOUR)]
    with replacing(out.absolute()) as temporary:
        if out.suffix.lower() == ".gif":
            drawing.animate(made.frames, truth, temporary, zoom, milliseconds=80)
        else:
            count = min(pictures, len(made))
            shown = np.linspace(0, len(made) - 1, count).round().astype(np.int64)
            drawing.sheet(made.frames, truth, shown, zoom, columns=5).save(temporary, format="PNG")
    typer.echo(f"{out}: {spec.id} sequence {sequence}, {len(made)} frames")
