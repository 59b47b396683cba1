"""The VOT toolkit's layout: a workspace with its sequences.

::

    DIR/sequences/list.txt
    DIR/sequences/<sequence>/sequence groundtruth.txt color/00000001.png ...
                             <attribute>.value <attribute>.tag

What each convention is taken from (vot-toolkit 0.9.0):

* ``sequence``: ``key=value``; ``vot.dataset.common._read_metadata`` takes fps, width, height and
  length, and ``channels.color`` is the pattern of the images, which may be .png or .jpg
  (``PatternFileListChannel``). Frames count from 1. fps is the toolkit's default of 30: our videos
  have no frame rate.
* ``groundtruth.txt``: ``vot.region.io.parse_region`` reads ``x,y,w,h`` as a ``Rectangle``, which
  keeps float32. ``rasterize_rectangle`` fills the pixels x to x+w-1 of a mask that begins at 0: the
  origin is the frame's corner and boxes are half-open, as in trackbench.
* ``*.value`` and ``*.tag``: any number and any yes or no a frame, by the file's name. They carry
  our attributes under our names; VOT's own tags (occlusion, motion_change, ...) are judgements of
  people and stay unset.
* ``Workspace.download_dataset`` leaves a folder with ``list.txt`` as it is, so that
  ``vot initialize STACK --workspace DIR`` makes a workspace around an export.
"""

from __future__ import annotations

import re

from trackbench.contracts import DatasetSpec, Video
from trackbench.datasets.export.images import ImageFormat
from trackbench.datasets.export.layout import Layout, TextFiles, box_lines, decimal, lines

_FILE_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""An attribute of another name stays in attributes.csv alone."""


def _annotate(sequence: Video, name: str, image: ImageFormat) -> TextFiles:
    height, width = sequence.frames.shape[1:3]
    pattern = f"color/%0{VOT.digits}d{VOT.suffix(image)}"
    texts = {
        "sequence": "channel.default=color\n"
        f"channels.color={pattern}\n"
        "format=default\n"
        "fps=30\n"
        f"height={height}\n"
        f"length={len(sequence)}\n"
        f"name={name}\n"
        f"width={width}\n",
        "groundtruth.txt": box_lines(sequence.boxes, decimals=1),
    }
    for attribute, values in sequence.attributes.items():
        if not _FILE_NAME.fullmatch(attribute):
            continue
        if values.dtype.kind == "b":
            texts[f"{attribute}.tag"] = lines(values.astype(int))
        else:
            texts[f"{attribute}.value"] = lines(map(decimal, values.tolist()))
    return texts


def _notes(attributes: tuple[str, ...]) -> tuple[str, ...]:
    left = [name for name in attributes if not _FILE_NAME.fullmatch(name)]
    if not left:
        return ()
    return (f"in attributes.csv alone, for no file can bear its name: {', '.join(left)}",)


def _opened_with(folder: str, _: DatasetSpec) -> str:
    return f"vot.dataset.load_dataset({f'{folder}/sequences'!r})"


VOT = Layout(
    id="vot",
    description="the VOT toolkit's workspace: sequences/, color/%08d.png, groundtruth.txt",
    folder=lambda _: "sequences",
    images="color",
    digits=8,
    suffixes=(".png", ".jpg"),
    annotate=_annotate,
    notes=_notes,
    opened_with=_opened_with,
    scoring="vot.region.calculate_overlap on boxes of whole pixels is trackbench's mask IoU",
)
