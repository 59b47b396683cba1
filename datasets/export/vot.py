"""The VOT toolkit's layout: a workspace with its sequences.

::

    DIR/sequences/list.txt
    DIR/sequences/<sequence>/sequence groundtruth.txt color/00000001.png ...
                             anchor.value <attribute>.value <attribute>.tag

What each convention is taken from (vot-toolkit 0.9.0):

* ``sequence``: ``key=value``; ``vot.dataset.common._read_metadata`` takes fps, width, height and
  length, and ``channels.color`` is the pattern of the images, which may be .png or .jpg
  (``PatternFileListChannel``). Frames count from 1. fps is the toolkit's default of 30: our videos
  have no frame rate.
* ``groundtruth.txt``: ``vot.region.io.parse_region`` reads ``x,y,w,h`` as a ``Rectangle``, which
  keeps float32. ``rasterize_rectangle`` fills the pixels x to x+w-1 of a mask that begins at 0: the
  origin is the frame's corner and boxes are half-open, as in trackbench.
  Where there is no true box a line is ``nan,nan,nan,nan``, as in VOT's long-term data: the toolkit
  makes the code of an unknown region of it, which its recall does not count. (An empty rectangle
  would count as a visible target there.) Why there is none is said by ``target_absent.tag``: the
  target is known to be nowhere in the frame.
  Where a data set has true masks the lines are these
  (:mod:`trackbench.datasets.export.vot_regions`), and a box is what is around them.
* ``anchor.value``: where short-term experiments start, see
  :mod:`trackbench.metrics.anchors`; the data set's own where it has an attribute of that
  name that starts one.
* ``*.value`` and ``*.tag``: any number and any yes or no a frame, by the file's name. They carry
  our attributes under our names; VOT's own tags (occlusion, motion_change, ...) are judgements of
  people and stay unset. A tag of a whole
  sequence, such as OTB's ``OCC``, is one of each of its frames.
* ``Workspace.download_dataset`` leaves a folder with ``list.txt`` as it is, so that
  ``vot initialize STACK --workspace DIR`` makes a workspace around an export.
"""

from __future__ import annotations

import re
from typing import Any

from numpy.typing import NDArray

from trackbench.contracts import DatasetSpec
from trackbench.datasets.export.images import ImageFormat
from trackbench.datasets.export.layout import (
    TARGET_ABSENT,
    Layout,
    NamedVideo,
    Summary,
    TextFiles,
    decimal,
    lines,
)
from trackbench.datasets.export.vot_regions import is_shown, region_lines
from trackbench.metrics.anchors import ANCHOR, starting_frames
from trackbench.printing.amounts import counted

_FILE_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""An attribute of another name stays in attributes.csv alone."""


def _annotate(named: NamedVideo, image: ImageFormat) -> TextFiles:
    video = named.video
    height, width = video.frames.shape[1:3]
    pattern = f"color/%0{VOT.digits}d{VOT.suffix(image)}"
    regions = region_lines(named)
    texts = {
        "sequence": "channel.default=color\n"
        f"channels.color={pattern}\n"
        "format=default\n"
        "fps=30\n"
        f"height={height}\n"
        f"length={len(video)}\n"
        f"name={named.name}\n"
        f"width={width}\n",
        "groundtruth.txt": regions,
        "anchor.value": lines(starting_frames(video, is_shown(regions))),
    }
    for attribute, values in video.attributes.items():
        if not _FILE_NAME.fullmatch(attribute) or _no_anchors(attribute, values):
            continue
        if values.dtype.kind == "b":
            texts[f"{attribute}.tag"] = lines(values.astype(int))
        else:
            texts[f"{attribute}.value"] = lines(map(decimal, values.tolist()))
    if video.absent is not None:
        texts[f"{TARGET_ABSENT}.tag"] = lines(video.absent.astype(int))
    taken = {name.partition(".")[0].casefold() for name in texts}
    for tag in named.tags:
        if _FILE_NAME.fullmatch(tag) and tag.casefold() not in taken:
            texts[f"{tag}.tag"] = lines([1] * len(video))
    return texts


def _no_anchors(attribute: str, values: NDArray[Any]) -> bool:
    """Whether an attribute is called as anchors are, and starts no tracker."""
    return attribute == ANCHOR and (values.dtype.kind == "b" or not (values != 0).any())


def _notes(about: Summary) -> tuple[str, ...]:
    notes = []
    if left := [name for name in about.attributes if not _FILE_NAME.fullmatch(name)]:
        notes.append(f"in attributes.csv alone, for no file can bear its name: {', '.join(left)}")
    if without := about.absent + about.unknown:
        notes.append(
            f"{counted(without, 'frame')} without a true box: an unknown region; "
            f"{TARGET_ABSENT}.tag says in which {about.absent:,} the target is known to be nowhere"
        )
    return tuple(notes)


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
    schema=2,
    scoring="vot.region.calculate_overlap on boxes of whole pixels is trackbench's mask IoU",
)
