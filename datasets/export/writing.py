"""One sequence as files: a folder that is there whole or not at all."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

from trackbench.contracts import Video
from trackbench.datasets.export.images import ImageFormat, Loss, encode, loss
from trackbench.datasets.export.layout import TARGET_ABSENT, Layout, NamedVideo, decimal
from trackbench.printing.text import spreadsheet

ATTRIBUTES = "attributes.csv"


def write_sequence(folder: Path, named: NamedVideo, layout: Layout, image: ImageFormat) -> Loss:
    """Write a sequence's frames, the layout's text files and ``attributes.csv`` into ``folder``.

    A half-written folder has another name, and what a killed process left under it is thrown away.

    Returns:
        The loss of the images; nothing is measured where there can be none.

    Raises:
        TrackbenchError: the image format or a label cannot hold what is in the sequence.
        OSError: it cannot be written.
    """
    texts, sequence = layout.annotate(named, image), named.video
    partial = _partial(folder)
    if partial.exists():
        shutil.rmtree(partial)
    images = partial / layout.images
    images.mkdir(parents=True)
    lost = Loss()
    try:
        for number, frame in enumerate(sequence.frames, 1):
            content = encode(frame, image)
            (images / layout.frame_name(number, image)).write_bytes(content)
            if not image.lossless:
                lost += loss(frame, content)
        for name, text in texts.items():
            (partial / name).write_text(text, encoding="utf-8", newline="\n")
        (partial / ATTRIBUTES).write_text(_table(sequence), encoding="utf-8", newline="\n")
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return lost


def forget_unfinished(folder: Path) -> None:
    """Throw away what a process that was killed has left of a folder in the making."""
    shutil.rmtree(_partial(folder), ignore_errors=True)


def _partial(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.partial")


def measure_sequence(folder: Path, sequence: Video, layout: Layout, image: ImageFormat) -> Loss:
    """Return the loss of images that were written before.

    Raises:
        TrackbenchError: one cannot be read.
    """
    lost = Loss()
    for number, frame in enumerate(sequence.frames, 1):
        path = folder / layout.images / layout.frame_name(number, image)
        lost += loss(frame, path)
    return lost


def _table(sequence: Video) -> str:
    """Return what trackbench knows of each frame, in its own coordinates, as CSV.

    Columns: frame (from 0), x, y, w, h (nan where there is no true box), target_absent if it is in
    some frame, then the attributes; True or False for yes or no.
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    said = {} if sequence.absent is None else {TARGET_ABSENT: sequence.absent}
    said |= sequence.attributes
    rows.writerow(["frame", *"xywh", *map(spreadsheet, said)])
    columns = [
        values.tolist() if values.dtype.kind == "b" else list(map(decimal, values.tolist()))
        for values in (*sequence.boxes.T, *said.values())
    ]
    rows.writerows(zip(range(len(sequence)), *columns, strict=True))
    return out.getvalue()
